// Runs at the end of every install of this folder and before `npm pack`: makes src/generated, dist and dashboard/dist.
// Where the packages to build with were left out (`npm ci --omit=dev`, NODE_ENV=production), it builds in a temporary
// copy that has them, so that only what is needed to run stays here.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

const BUILDERS = ['prisma-cli', 'typescript', 'vite', '@graphql-codegen/cli'];
const SOURCES = ['src', 'schema', 'prisma', 'dashboard/src', 'package.json'];
const BUILT = ['dist', 'dashboard/dist'];
const LEFT_OUT = new Set(['node_modules', '.git', 'dist', 'generated', 'bench', 'test', 'docs', '.vault']);
// What npm tells its scripts of this install is not meant for the one in the copy.
const OF_THIS_INSTALL =
  /^(NODE_ENV|INIT_CWD|npm_(?!config_(cache|registry|offline|prefer_offline|userconfig)$).*)$/i;

if (BUILDERS.every((name) => existsSync(join('node_modules', name)))) {
  npm(['run', '--silent', 'generate'], '.', process.env);
  npm(['run', '--silent', 'build'], '.', process.env);
} else if (!isBuilt()) {
  buildInCopy();
}

function buildInCopy() {
  const copy = mkdtempSync(join(tmpdir(), 'customer-vault-build-'));
  try {
    cpSync('.', copy, { recursive: true, filter: (path) => !LEFT_OUT.has(basename(path)) });
    const env = Object.fromEntries(
      Object.entries(process.env).filter(([name]) => !OF_THIS_INSTALL.test(name)),
    );
    npm(['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'], copy, env);
    for (const folder of BUILT) {
      rmSync(folder, { recursive: true, force: true });
      cpSync(join(copy, folder), folder, { recursive: true });
    }
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

/** Whether what is built is there and newer than what it is built from. */
function isBuilt() {
  const built = ['dist/main.js', 'dashboard/dist/index.html'];
  if (!built.every((file) => existsSync(file))) return false;
  const oldest = Math.min(...built.map((file) => statSync(file).mtimeMs));
  return SOURCES.every((path) => newest(path) <= oldest);
}

function newest(path) {
  const stats = statSync(path);
  if (!stats.isDirectory()) return stats.mtimeMs;
  const inside = readdirSync(path).filter((name) => name !== 'generated');
  return Math.max(0, ...inside.map((name) => newest(join(path, name))));
}

function npm(args, cwd, env) {
  const isWindows = process.platform === 'win32';
  const { status } = spawnSync('npm', args, { cwd, env, stdio: 'inherit', shell: isWindows });
  if (status !== 0) process.exit(status ?? 1);
}
