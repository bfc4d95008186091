/** Quiet windows on either side of another that it is compared with. */
export const NEIGHBOURS = 2;

/** The n-th hundredth of the times. */
export function percentile(times, hundredth) {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * hundredth) / 100))] ?? 0;
}

export function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}

/** What the quiet windows around a window say: it came between the one of the same number and the next. */
export function quietAround(quiet, at) {
  return median(quiet.slice(Math.max(0, at + 1 - NEIGHBOURS), at + 1 + NEIGHBOURS));
}

/** The seconds at the beginning of a window in which the senders start, and which do not count. */
export function settleOf(seconds) {
  return Math.min(1, seconds / 4);
}
