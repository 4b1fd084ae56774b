// A JSON document to look into: branches open and close without scripts; with them arrows move, and path and value can be copied.
import { assetUrl } from "../../layout/assets.ts"
import { count, plural } from "../format.ts"
import { Icon } from "../icon.tsx"
import { JSON_CHARS_MAX, type JsonNode, jsonModel } from "./json-model.ts"

export interface JsonViewProps {
  /** Unique on the page. */
  id: string
  /** "Body of the request". */
  label: string
  /** The document as it was sent or kept. */
  source: string
  /** Levels that are open at first; default 2. */
  levels?: number | undefined
}

export function JsonView({ id, label, source, levels = 2 }: JsonViewProps): JSX.Element {
  const model = jsonModel(source)
  return (
    <section class="json" aria-label={label} data-module={model ? assetUrl("js/json.js") : undefined}>
      <div class="json-head">
        <span safe>{label}</span>
        {model ? (
          <div class="js">
            <output class="mono">$</output>
            <JsonButton act="path" label="Copy path" />
            <JsonButton act="value" label="Copy value" />
          </div>
        ) : null}
      </div>
      {model ? (
        <ul class="json-tree plain">
          <Node node={model} levels={levels} />
        </ul>
      ) : null}
      <details open={model === null}>
        <summary class="quiet">
          <Icon name="down" />
          <span>As text</span>
        </summary>
        <pre {...{ tabindex: "0" }}>
          <code id={id} safe>
            {source.slice(0, JSON_CHARS_MAX)}
          </code>
        </pre>
        {source.length > JSON_CHARS_MAX ? (
          <p class="quiet" safe>{`And ${count(source.length - JSON_CHARS_MAX)} more characters.`}</p>
        ) : null}
      </details>
    </section>
  )
}

const JsonButton = ({ act, label }: { act: string; label: string }): JSX.Element => (
  <button class="button plain small" type="button" data-json={act}>
    <Icon name="copy" />
    <span aria-live="polite" safe>
      {label}
    </span>
  </button>
)

interface NodeProps {
  node: JsonNode
  /** Absent at the root. */
  name?: string | undefined
  /** True in an array, whose keys are positions. */
  isItem?: boolean | undefined
  levels: number
}

function Node({ node, name, isItem, levels }: NodeProps): JSX.Element {
  if (node.kind !== "object" && node.kind !== "array")
    return (
      <li data-key={name} data-item={isItem ? "" : undefined}>
        <span class="json-row" tabindex="-1">
          <Key name={name} isItem={isItem} />
          <Leaf node={node} />
        </span>
      </li>
    )
  const isArray = node.kind === "array"
  const left = node.size - node.children.length
  return (
    <li data-key={name} data-item={isItem ? "" : undefined}>
      <details open={levels > 0}>
        <summary class="json-row">
          <Icon name="down" />
          <Key name={name} isItem={isItem} />
          <span class="quiet" safe>
            {isArray ? `[ ${plural(node.size, "item")} ]` : `{ ${plural(node.size, "key")} }`}
          </span>
        </summary>
        <ul class="plain">
          {node.children.map((child) => (
            <Node node={child.node} name={child.key} isItem={isArray} levels={levels - 1} />
          ))}
          {left > 0 ? <li class="quiet" safe>{`And ${count(left)} more: see the text.`}</li> : null}
        </ul>
      </details>
    </li>
  )
}

function Key({ name, isItem }: Pick<NodeProps, "name" | "isItem">): JSX.Element {
  if (name === undefined) return ""
  return (
    <>
      <bdi class={isItem ? "quiet num" : "hl-attr"} safe>
        {isItem ? name : JSON.stringify(name)}
      </bdi>
      {": "}
    </>
  )
}

type LeafNode = Exclude<JsonNode, { kind: "object" | "array" }>

function Leaf({ node }: { node: LeafNode }): JSX.Element {
  if (node.kind === "more") return <span class="quiet" safe>{`${plural(node.size, "part")}: see the text.`}</span>
  if (node.kind !== "string")
    return (
      <span class={node.kind === "number" ? "hl-number" : "hl-literal"} safe>
        {node.text}
      </span>
    )
  const more = node.chars - node.text.length
  return (
    <>
      <bdi class="hl-string" safe>
        {JSON.stringify(node.text)}
      </bdi>
      {more > 0 ? <span class="quiet" safe>{` and ${count(more)} more characters`}</span> : null}
    </>
  )
}
