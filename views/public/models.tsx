// Every model that answers here with what it costs, for anybody.
import type { Nano } from "../../src/app/units.ts"
import type { Frame } from "../layout/frame.ts"
import { PublicLayout } from "../layout/public.tsx"
import { creditsText, group, plural } from "../ui/format.ts"
import { Empty, SearchBox, Table, Worth } from "../ui/index.ts"

export interface ModelLine {
  id: string
  /** Of the account that answers, or the house. */
  provider: string
  contextWindow: number | null
  capabilities: readonly string[]
  /** A million tokens, through an app. */
  input: Nano
  output: Nano
  /** What is paid one by one: "credits a picture". */
  each: readonly { unit: keyof typeof EACH; leastNano: Nano; mostNano: Nano }[]
  /** A million tokens of other kinds, where they cost other than those. */
  tokens: readonly { name: keyof typeof IN | keyof typeof OUT; eachNano: Nano }[]
  /** Of every call. */
  request: Nano
}

const IN = {
  image_input: "for pictures",
  audio_input: "for sound",
  cached_input: "from a cache",
  cached_audio_input: "for sound from a cache",
  cache_write: "into a cache",
  cache_write_1h: "into a cache for an hour",
} as const
const OUT = { image_output: "for pictures", audio_output: "for sound", reasoning: "for thinking" } as const

/** "64,000 credits for pictures": a million of those tokens. */
function Others({ tokens, of }: Pick<ModelLine, "tokens"> & { of: Readonly<Record<string, string>> }): JSX.Element {
  return (
    <>
      {tokens.map(({ name, eachNano }) =>
        of[name] === undefined ? "" : <p class="quiet" safe>{`${creditsText(eachNano)} ${of[name]}`}</p>,
      )}
    </>
  ) as JSX.Element
}

/** How units are sold on this page, and how many of them at once: single characters cost too little to be read. */
const EACH = {
  image: { of: 1, words: "a picture" },
  search: { of: 1, words: "a search" },
  character: { of: 1_000, words: "for 1,000 characters" },
  second: { of: 60, words: "a minute" },
} as const

function eachWords({ unit, leastNano, mostNano }: ModelLine["each"][number]): string {
  const { of, words } = EACH[unit]
  const [least, most] = [leastNano, mostNano].map((one) => creditsText((one * of) as Nano))
  return `${least === most ? least : `${least} to ${most}`} ${words}`
}

const isByPiece = ({ input, output, each }: ModelLine): boolean => each.length > 0 && input + output === 0

export interface CapabilityLine {
  /** As requests name it. */
  name: string
  /** What it is for, in words. */
  goodFor: string
  /** In the order in which they are asked. */
  models: readonly string[]
}

export interface ModelsProps {
  frame: Frame
  query: string
  models: readonly ModelLine[]
  /** Without a search. */
  total: number
  /** What a name that says what a model is for comes to now. */
  capabilities: readonly CapabilityLine[]
}

const cellsOf = (one: ModelLine) => [
  <>
    <bdi safe>{one.id}</bdi>
    <p class="quiet">
      <bdi safe>{one.provider}</bdi>
    </p>
  </>,
  <span safe>{one.capabilities.join(", ")}</span>,
  <span safe>{one.contextWindow === null ? "" : group(String(one.contextWindow))}</span>,
  <>
    <span safe>{isByPiece(one) ? "" : creditsText(one.input)}</span>
    <Others tokens={one.tokens} of={IN} />
  </>,
  <>
    <span safe>{isByPiece(one) || (one.output === 0 && one.input > 0) ? "" : creditsText(one.output)}</span>
    {one.each.map((each) => (
      <p class="quiet" safe>
        {eachWords(each)}
      </p>
    ))}
    <Others tokens={one.tokens} of={OUT} />
    {one.request > 0 ? <p class="quiet" safe>{`${creditsText(one.request)} a call`}</p> : ""}
  </>,
]

/** GET /models?q= */
export function ModelsPage({ frame, query, models, total, capabilities }: ModelsProps): JSX.Element {
  return (
    <PublicLayout frame={frame} title="Models and prices">
      <div class="found wide">
        <h1>Models and prices</h1>
        <p>
          What a million tokens cost through an app, or a picture, a minute, a search, with every share in it. Tokens of
          pictures and sound, and those from a cache, stand below where they cost something else.
        </p>
        <Worth />
        <SearchBox action="/models" label="Search models" placeholder="Part of a model’s name" value={query} />
        <p class="quiet" role="status" safe>
          {query === "" ? plural(total, "model") : `${models.length} of ${plural(total, "model")}`}
        </p>
        <Table
          caption="Models and prices"
          hideCaption
          columns={[
            { label: "Model" },
            { label: "Good at" },
            { label: "Context", numeric: true },
            { label: "In", numeric: true },
            { label: "Out", numeric: true },
          ]}
          rows={models.map(cellsOf)}
          empty={
            <Empty
              title={query === "" ? "No model answers here yet" : "No model goes by that name"}
              text={
                query === ""
                  ? "The operator has not added a provider yet."
                  : "Try a part of its name, such as mini or claude."
              }
            />
          }
        />
        <Capabilities capabilities={capabilities} />
        <p class="quiet">
          {
            "Calls with your own API key have your plan’s markup in place of the shares. Programs read the same list at "
          }
          <code>/v1/models</code>
          {"."}
        </p>
      </div>
    </PublicLayout>
  )
}

/** Names that say what a model is for, with what they come to today. */
function Capabilities({ capabilities }: Pick<ModelsProps, "capabilities">): JSX.Element {
  if (capabilities.length === 0) return ""
  return (
    <section aria-labelledby="capabilities-title">
      <h2 id="capabilities-title">Names for a purpose</h2>
      <p>
        {
          "A call may say what it is for in place of a model’s name, and is charged at the price of the model that answers. "
        }
        <a href="/docs/reference/capabilities">How it is chosen</a>
        {"."}
      </p>
      <Table
        caption="What each capability comes to at present"
        hideCaption
        columns={[
          { label: "Model to ask for" },
          { label: "Good for" },
          { label: "Answers now" },
          { label: "If it fails" },
        ]}
        rows={capabilities.map(({ name, goodFor, models: [first = "", ...others] }) => [
          <code safe>{name}</code>,
          <span safe>{goodFor}</span>,
          <bdi safe>{first}</bdi>,
          <bdi safe>{others.join(", ")}</bdi>,
        ])}
      />
      <p class="quiet">These are what somebody gets who set no preferences. Yours may put other providers first.</p>
    </section>
  )
}
