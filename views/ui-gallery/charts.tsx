import { credits, nano } from "../../src/app/units.ts"
import {
  AreaChart,
  BarChart,
  Bars,
  CREDITS,
  counted,
  Donut,
  Funnel,
  HeatMap,
  LineChart,
  StackedBarChart,
  USD,
} from "../ui/index.ts"
import type { Specimen, Stand } from "./specimen.ts"

const DAY = 86_400_000
const CALLS = counted("Calls", "call", "calls")
const PEOPLE = counted("People", "person", "people")
const LONG = "A story that never ends, told by many voices in one evening"
const RTL = "دفتر الملاحظات"

const days = (on: Stand, count = 14) => Array.from({ length: count }, (_, index) => on.now - (count - 1 - index) * DAY)
const wave = (size: number, shift = 0) =>
  Array.from({ length: 14 }, (_, index) => Math.round(credits(size) * (1.2 + Math.sin(index / 2 + shift))))
const TWO = [
  { label: "Storyteller", values: wave(60) },
  { label: "Margin Notes", values: wave(25) },
]
const EIGHT = [
  "Storyteller",
  "Margin Notes",
  LONG,
  RTL,
  "Kitchen Helper",
  "Paper Lantern",
  "Atlas",
  "Your own key",
].map((label, index) => ({ label, values: wave(90 - index * 9, index) }))
const alone = (at: number, count = 14) => Array.from({ length: count }, (_, index) => (index === at ? credits(86) : 0))
const SLICES = [
  { label: "Chat", used: nano(1_130_300_000) },
  { label: "Images", used: nano(402_400_000) },
  { label: "Embeddings", used: nano(8_300_000) },
]
const WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
const hours = (row: number) =>
  Array.from({ length: 24 }, (_, hour) =>
    Math.max(0, Math.round((row > 4 ? 8 : 30) * Math.sin(((hour - 5) / 24) * Math.PI * 1.4))),
  )

export const CHARTS: readonly Specimen[] = [
  {
    name: "Charts over days",
    use: "Line for a level, area for use, bars for counts. Point, tap or press Tab and the arrow keys to read a day. Days are UTC.",
    draw: (on) => {
      const props = { unit: CREDITS, days: days(on) }
      return (
        <div class="stack">
          <AreaChart id={on.id("area")} title="Use" {...props} series={TWO.slice(0, 1)} />
          <LineChart id={on.id("line")} title="Balance" {...props} series={TWO} />
          <BarChart id={on.id("bar")} title="Calls" {...props} unit={CALLS} series={TWO.slice(0, 1)} />
        </div>
      )
    },
  },
  {
    name: "Several series",
    use: "Stacked bars for parts of a whole over time, lines for levels; at most eight. Point at a name to bring it forward, press it to take it away.",
    draw: (on) => {
      const props = { unit: CREDITS, days: days(on), series: EIGHT }
      return (
        <div class="stack">
          <StackedBarChart id={on.id("stack")} title="Use by app" {...props} />
          <LineChart id={on.id("lines")} title="Balance by app" {...props} />
        </div>
      )
    },
  },
  {
    name: "Little or nothing to draw",
    use: "One value is a bar or a dot with words, never a cliff; a chart starts on the first day there was; missing days are gaps.",
    draw: (on) => (
      <div class="stack">
        <AreaChart
          id={on.id("one")}
          title="Use, one day of fourteen"
          unit={CREDITS}
          days={days(on)}
          series={[{ label: "Use", values: alone(9) }]}
        />
        <AreaChart
          id={on.id("first")}
          title="Use since the account began"
          unit={CREDITS}
          days={days(on)}
          series={[{ label: "Use", values: [...Array(11).fill(0), credits(12), credits(40), credits(31)] }]}
          begins={{ ms: on.now - 2 * DAY, words: "Your account began on" }}
        />
        <LineChart
          id={on.id("gaps")}
          title="Balance with missing days"
          unit={USD}
          days={days(on, 7)}
          series={[
            { label: "Balance", values: [nano(490_000_000), nano(41_400_000), null, nano(1e8), null, null, 5e7] },
          ]}
        />
        <BarChart
          id={on.id("today")}
          title="Calls, first day"
          unit={CALLS}
          days={days(on, 1)}
          series={[{ label: "Calls", values: [3] }]}
        />
        <AreaChart
          id={on.id("none")}
          title="Nothing yet"
          unit={CREDITS}
          days={[]}
          series={[{ label: "Use", values: [] }]}
        />
      </div>
    ),
  },
  {
    name: "Charts of parts",
    use: "Bars to compare, a donut for parts of a whole when there are two to five. Parts add up to their sum.",
    draw: (on) => (
      <div class="stack">
        <Bars title="By type" head="Type" slices={[...SLICES, { label: LONG, used: credits(44), href: "/_ui" }]} />
        <Donut
          id={on.id("donut")}
          title="By type"
          head="Type"
          slices={[...SLICES, { label: RTL, used: credits(91) }]}
        />
        <Donut id={on.id("whole")} title="By type" head="Type" slices={SLICES.slice(0, 1)} />
        <Donut id={on.id("nothing")} title="By type" head="Type" slices={[]} />
      </div>
    ),
  },
  {
    name: "Heat map",
    use: "When something happens: hours across, days or weekdays down. The hours are those of the reader’s clock, UTC stands in the title.",
    draw: (on) => (
      <div class="stack">
        <HeatMap
          id={on.id("week")}
          title="Calls by weekday"
          unit={CALLS}
          head="Weekday"
          atMs={on.now}
          rows={WEEKDAYS.map((label, row) => ({ label, values: hours(row) }))}
        />
        <HeatMap
          id={on.id("empty")}
          title="Calls by weekday, hardly any"
          unit={CALLS}
          head="Weekday"
          atMs={on.now}
          rows={[
            { label: "Monday", values: [] },
            { label: "Tuesday", values: alone(0, 24).map((one) => (one ? 1 : 0)) },
          ]}
        />
      </div>
    ),
  },
  {
    name: "Funnel",
    use: "Steps that people take one after the other: how many come so far, and where they are lost.",
    draw: () => (
      <Funnel
        title="From the first visit to the first call"
        head="Step"
        unit={PEOPLE}
        steps={[
          { label: "Opened the consent page", value: 5_120 },
          { label: "Approved", value: 3_204, href: "/_ui" },
          { label: LONG, value: 3_204 },
          { label: "First call", value: 17 },
        ]}
      />
    ),
  },
]
