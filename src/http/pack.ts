// Makes style sheets and scripts small, at boot: what people read in public/ is not what is sent.
import { posix } from "node:path"

export type Bytes = Uint8Array<ArrayBuffer>

const decoder = new TextDecoder()
const encoder = new TextEncoder()
const minifier = new Bun.Transpiler({
  loader: "js",
  target: "browser",
  minify: { whitespace: true, identifiers: true, syntax: true },
} as Bun.TranspilerOptions)

/** Scripts of ours; those of others are small already, and what apps import is known by its hash. */
export const isOurs = (name: string): boolean =>
  name.endsWith(".js") && !name.startsWith("vendor/") && !name.startsWith("sdk/")

/** Smaller, the same meaning. @throws SyntaxError */
export function packScript(bytes: Bytes): Bytes {
  return encoder.encode(minifier.transformSync(decoder.decode(bytes)))
}

const IMPORT = /^import (?:\{[^}]*\} from )?"(\.\/[^"]+)"$/gm

/**
 * ECMAScript modules as one script: what a module imports stands before it, `import` and `export` go. They share one scope, so a name
 * may stand at the top of one of them only, and nothing may be renamed on import. @throws Error for a cycle or a module that is not there
 */
export function joinModules(modules: ReadonlyMap<string, Bytes>): Bytes {
  const done: string[] = []
  const open = new Set<string>()
  const texts: string[] = []
  const visit = (path: string) => {
    if (done.includes(path)) return
    if (open.has(path)) throw new Error(`${path} imports itself`)
    const bytes = modules.get(path)
    if (!bytes) throw new Error(`there is no ${path}`)
    open.add(path)
    const text = decoder.decode(bytes)
    for (const [, from] of text.matchAll(IMPORT)) visit(posix.join(posix.dirname(path), from!))
    open.delete(path)
    done.push(path)
    texts.push(text.replace(IMPORT, "").replace(/^export (?=const|let|class|function|async)/gm, ""))
  }
  for (const path of [...modules.keys()].sort()) visit(path)
  return encoder.encode(`(() => {\n${texts.join("\n")}\n})()\n`)
}

/**
 * Style sheets as one: comments and indentation go; `url("../fonts/x")`, from any depth, becomes the fingerprinted address. Keeps every space
 * that can mean something: those before a colon, around operators and inside strings without `: ; , { }`.
 */
export function packCss(sheets: readonly Bytes[], urlOf: (path: string) => string): Bytes {
  const css = sheets
    .map((bytes) => decoder.decode(bytes))
    .join("\n")
    .replace(/\/\*[\s\S]*?\*\//g, "")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .join(" ")
    .replace(/([:;,{}]) /g, "$1")
    .replace(/([(]) | ([)])/g, "$1$2")
    .replace(/ \{/g, "{")
    .replace(/;? ?\}/g, "}")
    .replace(/url\("(?:\.\.\/)+([^"]+)"\)/g, (_, path: string) => `url("${urlOf(path)}")`)
  return encoder.encode(css)
}
