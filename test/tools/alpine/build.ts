// Makes public/vendor/alpine-csp.min.js: Alpine's own sources without what no page uses. `bun test/tools/alpine/build.ts` writes it; a test
// compares. Why not the published file: 21.3 kB of the 25 that a page may have, brotli (src/DECISIONS.md).
import { readFileSync } from "node:fs"
import { join } from "node:path"

const HERE = import.meta.dir
const ROOT = join(HERE, "../../..")
export const ALPINE_PATH = join(ROOT, "public/vendor/alpine-csp.min.js")

/** Modules that are taken from elsewhere; the rest is as published. */
const INSTEAD: Readonly<Record<string, string>> = {
  // The public object: it draws in transitions, stores, entangle and plugins.
  "alpinejs/src/alpine.js": "export default {}",
  // For trees that wait for a module: ours are registered before the start.
  "alpinejs/src/deferInit.js": "export const queueAttributesForDeferredTree = () => false",
  "alpinejs/src/interceptor.js": "export const initInterceptors = () => {}\nexport const interceptor = () => {}",
  "@alpinejs/csp/src/parser.js": readFileSync(join(HERE, "parser.js"), "utf8"),
}

const versionOf = (name: string): string =>
  (JSON.parse(readFileSync(join(ROOT, "node_modules", name, "package.json"), "utf8")) as { version: string }).version

/** The text of the file. The same for the same packages and the same Bun. @throws Error when two versions of Alpine meet */
export async function buildAlpine(): Promise<string> {
  const version = versionOf("alpinejs")
  if (versionOf("@alpinejs/csp") !== version) throw new Error("alpinejs and @alpinejs/csp are of different versions")
  const built = await Bun.build({
    entrypoints: [join(HERE, "entry.js")],
    target: "browser",
    format: "iife",
    minify: true,
    define: { "process.env.NODE_ENV": '"production"' },
    plugins: [
      {
        name: "smaller",
        setup(build) {
          build.onResolve({ filter: /^@vue\/reactivity$/ }, () => ({
            path: join(ROOT, "node_modules/@vue/reactivity/dist/reactivity.esm-browser.prod.js"),
          }))
          build.onLoad({ filter: /alpinejs.*\.js$/ }, ({ path }) => {
            const [, contents] = Object.entries(INSTEAD).find(([end]) => path.endsWith(`/${end}`)) ?? []
            return contents === undefined ? undefined : { contents, loader: "js" }
          })
        },
      },
    ],
  })
  const text = await built.outputs[0]!.text()
  return `/*! Alpine.js ${version} (CSP build) and @vue/reactivity ${versionOf("@vue/reactivity")}, MIT. Made by test/tools/alpine/build.ts. */\n${text}`
}

if (import.meta.main) await Bun.write(ALPINE_PATH, await buildAlpine())
