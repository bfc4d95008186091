/** Where the dashboard's switch keeps its choice of colours. */
const CHOICE = 'mantine-color-scheme-value';

const chosen = localStorage.getItem(CHOICE);
if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset.scheme = chosen;
