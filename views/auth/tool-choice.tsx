// Which tools an app may use: all of a person's, groups they tick, or the very ones that it named.
import { FieldError } from "../ui/index.ts"

export interface ToolSet {
  /** What the consent calls it. */
  path: string
  title: string
  /** Of a group: what its servers call themselves. */
  servers: readonly string[]
  /** A group of the person's that there is. */
  isOwn: boolean
}

export type ToolAsk =
  | { kind: "named"; tools: readonly ToolSet[] }
  | { kind: "all"; isAll: boolean; options: readonly (ToolSet & { checked: boolean })[] }

/** Fields `tools` (all or chosen) and `tool` (repeated); of named ones there is nothing to choose. */
export function ToolChoice({ ask, error }: { ask: ToolAsk; error?: string | undefined }): JSX.Element {
  if (ask.kind === "named") return <NamedTools tools={ask.tools} />
  if (ask.options.length === 0) {
    return (
      <p class="help">
        <input type="hidden" name="tools" value="all" />
        You have connected no tools yet. It may use those that you add later.
      </p>
    )
  }
  return (
    <fieldset class={error ? "reach invalid" : "reach"} id="tool" tabindex="-1">
      <legend class="sr">Which tools</legend>
      <FieldError id="tool" text={error} />
      <div class="choice">
        <input type="radio" name="tools" value="all" id="tools-all" checked={ask.isAll} />
        <label for="tools-all">All my tools, also those I add later</label>
      </div>
      <div class="choice">
        <input type="radio" name="tools" value="chosen" id="tools-chosen" checked={!ask.isAll} />
        <label for="tools-chosen">Only these:</label>
      </div>
      <div class="reach-list">
        {ask.options.map((one, at) => (
          <div class="choice">
            <input type="checkbox" name="tool" value={one.path} id={`tool-${at}`} checked={one.checked} />
            <label for={`tool-${at}`}>
              <Words tools={one} />
            </label>
          </div>
        ))}
      </div>
    </fieldset>
  )
}

function NamedTools({ tools }: { tools: readonly ToolSet[] }): JSX.Element {
  if (tools.length === 0) return <p class="help">It asks for none of your own tools.</p>
  return (
    <div class="reach">
      <p class="help">Of your tools it gets these alone:</p>
      <ul class="plain reach-named">
        {tools.map((one) => (
          <li>
            <Words tools={one} />
            {one.isOwn || !one.path.includes("/groups/") ? null : (
              <span class="help">You have no such group yet. It may use it once you make it.</span>
            )}
          </li>
        ))}
      </ul>
    </div>
  )
}

const SERVERS_SHOWN = 4

function Words({ tools: { title, servers } }: { tools: ToolSet }): JSX.Element {
  const rest = servers.length - SERVERS_SHOWN
  const words = [...servers.slice(0, SERVERS_SHOWN), ...(rest > 0 ? [`${rest} more`] : [])].join(", ")
  return (
    <>
      <bdi class="strong" safe>
        {title}
      </bdi>
      {words === "" ? null : (
        <bdi class="help" safe>
          {words}
        </bdi>
      )}
    </>
  )
}
