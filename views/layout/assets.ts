// Where public files are linked from. Owns: the one function that turns "css/base.css" into a URL; the server replaces it
// at boot to add fingerprints. Never touches the disk.

export type AssetUrl = (path: string) => string

let current: AssetUrl = (path) => `/assets/${path}`

/** Sets how a path below `public/` becomes a URL, for instance `/assets/css/console.css?v=…`. Called once at boot. */
export function setAssetUrl(fn: AssetUrl): void {
  current = fn
}

/** URL of a file below `public/`; `path` has no leading slash. */
export const assetUrl: AssetUrl = (path) => current(path)
