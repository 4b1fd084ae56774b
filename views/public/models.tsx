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
}

export interface ModelsProps {
  frame: Frame
  query: string
  models: readonly ModelLine[]
  /** Without a search. */
  total: number
}

/** GET /models?q= */
export function ModelsPage({ frame, query, models, total }: ModelsProps): JSX.Element {
  return (
    <PublicLayout frame={frame} title="Models and prices">
      <div class="found">
        <h1>Models and prices</h1>
        <p>What a million tokens cost through an app, with every share in it.</p>
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
          rows={models.map((one) => [
            <>
              <bdi safe>{one.id}</bdi>
              <p class="quiet">
                <bdi safe>{one.provider}</bdi>
              </p>
            </>,
            <span safe>{one.capabilities.join(", ")}</span>,
            <span safe>{one.contextWindow === null ? "" : group(String(one.contextWindow))}</span>,
            <span safe>{creditsText(one.input)}</span>,
            <span safe>{one.output === 0 && one.input > 0 ? "" : creditsText(one.output)}</span>,
          ])}
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
