// Loaded before the server (NODE_OPTIONS=--import=…). On SIGUSR2, which comes when the server has warmed up, everything
// that makes code out of text throws from then on. What a start makes of its own routes comes before that.
const { constructor: AsyncFunction } = Object.getPrototypeOf(async () => {});
const { constructor: GeneratorFunction } = Object.getPrototypeOf(function* () {});
const { constructor: AsyncGeneratorFunction } = Object.getPrototypeOf(async function* () {});
const kinds = [Function, AsyncFunction, GeneratorFunction, AsyncGeneratorFunction];

function refuse() {
  process.stderr.write('code was made of text\n');
  throw new EvalError('Nothing makes code of text here.');
}

process.on('SIGUSR2', () => {
  for (const { prototype } of kinds) Object.defineProperty(prototype, 'constructor', { value: refuse });
  globalThis.eval = refuse;
  globalThis.Function = refuse;
  process.stderr.write('no more code\n');
});
