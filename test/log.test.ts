import { spawnSync } from 'node:child_process';

/** What a process writes whose standard output is a pipe, and whose log is made as the server makes its own. */
function written(terminal: string, production: boolean): string {
  const program = `
    import { createLog, logLines } from './dist/log.js';
    const log = createLog('info', logLines({ isTTY: ${terminal}, production: ${production} }));
    log.info({ requestId: 'r-1' }, 'request');`;
  const options = { encoding: 'utf8', env: { PATH: process.env['PATH'] } } as const;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], options);
  expect(stderr).toBe('');
  return stdout;
}

test('a person at a terminal reads one line of text for each line of the log', () => {
  expect(written('true', false)).toMatch(/^\[\d\d:\d\d:\d\d\] INFO: request \{"requestId":"r-1"\}\n$/);
});

test.each([
  ['a pipe', 'process.stdout.isTTY', false],
  ['a pipe in production', 'process.stdout.isTTY', true],
  ['a terminal in production', 'true', true],
])('%s gets lines of JSON', (_, terminal, production) => {
  const text = written(terminal, production);

  expect(text).toMatch(/^\{[^\n]+\}\n$/);
  expect(JSON.parse(text)).toEqual({ level: 30, time: expect.any(Number), requestId: 'r-1', msg: 'request' });
});
