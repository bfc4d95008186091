import { isLocalHost } from '../../src/http/landing-page.js';

test.each(['localhost', 'LOCALHOST:4000', '127.0.0.1', '127.0.0.1:4000', '[::1]', '[::1]:65535'])(
  'takes the host %s for this machine',
  (host) => {
    expect(isLocalHost(host)).toBe(true);
  },
);

test.each([
  undefined,
  '',
  'example.com',
  'localhost.example.com',
  'localhost.',
  'example.com:localhost',
  '127.0.0.1.example.com',
  '127.0.0.2',
  '0.0.0.0',
  'localhost:400000',
  'localhost:',
  'user@localhost',
  'localhost\n',
  '::1',
])('takes the host %j for another', (host) => {
  expect(isLocalHost(host)).toBe(false);
});
