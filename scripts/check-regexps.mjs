// No regular expression of src/ takes more than linear time: recheck looks for the input that would make it.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync } from '@swc/core';
import { checkSync } from 'recheck';

const MS_PER_EXPRESSION = 20_000;

const expressions = readdirSync('src', { recursive: true })
  .filter((file) => file.endsWith('.ts') && !file.startsWith('generated'))
  .flatMap((file) => expressionsOf(join('src', file)));
let problems = 0;

for (const { file, pattern, flags } of expressions) {
  const name = `${file.replaceAll('\\', '/')} /${pattern}/${flags}`;
  const { status, complexity, error } = checkSync(pattern, flags, { timeout: MS_PER_EXPRESSION });
  if (status === 'safe') continue;
  problems += 1;
  console.error(`${name}: ${status} (${complexity?.summary ?? error?.kind})`);
}
if (expressions.length < 20) throw new Error('The expressions of src/ were not found.');
process.exitCode = problems === 0 ? 0 : 1;

function expressionsOf(file) {
  const found = [];
  walk(parseSync(readFileSync(file, 'utf8'), { syntax: 'typescript', target: 'es2022' }), (node) => {
    if (node.type === 'RegExpLiteral') found.push({ file, pattern: node.pattern, flags: node.flags });
    const isBuilt = /^(New|Call)Expression$/.test(node.type) && node.callee.value === 'RegExp';
    if (isBuilt) throw new Error(`${file} builds a regular expression, which nothing can check.`);
  });
  return found;
}

function walk(node, visit) {
  if (typeof node !== 'object' || node === null) return;
  if (typeof node.type === 'string') visit(node);
  for (const below of Object.values(node)) walk(below, visit);
}
