// What the tests import of chromium.mjs.
export declare const howToGetChromium: string
export declare function findChromium(): string | undefined
export declare function ensureChromium(): void
