/** What the server told this page; `npx vite dashboard` serves it untold. */
export interface Settings {
  readonly sandbox: boolean;
  readonly nonce: string;
}

export const settings: Settings = {
  sandbox: true,
  nonce: '',
  ...JSON.parse(document.getElementById('settings')?.textContent ?? '{}'),
};
