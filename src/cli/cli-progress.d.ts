// The part of cli-progress that is used here; the package brings no types of its own.
declare module 'cli-progress' {
  export class SingleBar {
    constructor(options: { readonly format: string; readonly stream?: NodeJS.WriteStream });
    start(total: number, value: number): void;
    update(value: number): void;
    stop(): void;
  }
}
