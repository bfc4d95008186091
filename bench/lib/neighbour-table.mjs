// Shows what was measured of neighbours.
const HEAD = [
  '| A does | A was answered | a second | B, quiet: p50, p99, ms | B, meanwhile: p50, p99, ms | ratio | errors of B | all is quiet again after, s | memory of the server: before, most, after, MB |',
  '|---|---|---|---|---|---|---|---|---|',
];

const ms = ({ p50, p99 }) => `${p50.toFixed(1)}, ${p99.toFixed(1)}`;
const counts = (of) =>
  Object.entries(of)
    .sort(([, one], [, other]) => other - one)
    .map(([name, count]) => `${name} (${count})`)
    .join(', ') || 'none';

/** A line while it is measured. */
export function inWords({ kind, under, after, answers, back, memory }, quiet) {
  const late = after ? `, afterwards ${ms(after)}` : '';
  return `${kind.id}: ${ms(quiet)} ms quiet, ${ms(under)} ms beside it${late}; B's errors: ${counts(under.wrong)}; A: ${counts(answers)}; ${backOf(back)} s; ${memory.most} MB`;
}

/** The table, with a row more where B was measured afterwards, too. */
export function tableOf(rows) {
  const lines = rows.flatMap(
    ({ kind, under, after, answers, perSecond, quiet, ratio, ratioAfter, back, memory }) => {
      const { before, most, after: left } = memory;
      const own = [kind.title, counts(answers), perSecond.toFixed(0), ms(quiet), ms(under), ratio.toFixed(2)];
      const more = [counts(under.wrong), backOf(back), [before, most, left].join(', ')];
      const late = after && [
        '… afterwards',
        '',
        '',
        ms(quiet),
        ms(after),
        ratioAfter.toFixed(2),
        counts(after.wrong),
        '',
        '',
      ];
      return [[...own, ...more], ...(late ? [late] : [])];
    },
  );
  return [...HEAD, ...lines.map((cells) => `| ${cells.join(' | ')} |`)].join('\n');
}

/** Whether all of it is as it should be. */
export function notesOf(rows) {
  const ratios = rows.flatMap(({ ratio, ratioAfter }) => [ratio, ratioAfter ?? 0]);
  const errors = rows.reduce((sum, { under, after }) => sum + under.errors + (after?.errors ?? 0), 0);
  const gone = rows.filter(({ back }) => back === null).length;
  const worst = Math.max(...ratios);
  return `The worst ratio is ${worst.toFixed(2)}; ${worst <= 2 ? 'all are' : 'not all are'} within 2. Errors of B: ${errors}. The server had to be started anew after ${gone} rows.`;
}

function backOf(back) {
  return back === null ? 'never' : (back / 1_000).toFixed(1);
}
