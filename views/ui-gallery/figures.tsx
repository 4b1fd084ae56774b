import { credits, nano } from "../../src/app/units.ts"
import { Countdown } from "../ui/figures.tsx"
import {
  Count,
  CreditMeter,
  Credits,
  CreditsNumber,
  Delta,
  Meter,
  Progress,
  Sparkline,
  Stat,
  Timeline,
  Usd,
  When,
} from "../ui/index.ts"
import type { Specimen } from "./specimen.ts"

const MINUTE = 60_000
const HOURS = 60 * MINUTE
const WEEK = [40, 52, 31, 60, 84, 77, 96]

export const FIGURES: readonly Specimen[] = [
  {
    name: "Money, credits and times",
    use: "Credits for users, dollars for developers and admins. The exact value is in the title; a figure never stands without its unit.",
    draw: ({ now }) => (
      <dl class="facts">
        <div>
          <dt>Credits</dt>
          <dd>
            <Credits amount={credits(1240)} />
          </dd>
        </div>
        <div>
          <dt>Below ten, below one, nearly nothing</dt>
          <dd>
            <Credits amount={nano(1_912_000)} />, <Credits amount={nano(420_000)} />, <Credits amount={nano(12)} />
          </dd>
        </div>
        <div>
          <dt>In a column of credits</dt>
          <dd>
            <CreditsNumber amount={nano(-42_000_000)} signed />
          </dd>
        </div>
        <div>
          <dt>Dollars</dt>
          <dd>
            <Usd amount={nano(12_400_000_000)} />, <Usd amount={nano(-1_200)} />
          </dd>
        </div>
        <div>
          <dt>Count</dt>
          <dd>
            <Count value={18_204} /> calls
          </dd>
        </div>
        <div>
          <dt>Times</dt>
          <dd>
            <When ms={now - 3 * MINUTE} now={now} />, <When ms={null} now={now} />, due in{" "}
            <Countdown ms={now + 5 * HOURS} now={now} />
          </dd>
        </div>
      </dl>
    ),
  },
  {
    name: "Delta",
    use: "A change against the time before. Green and red only where one direction is good news. Left out against nothing, or hardly anything.",
    draw: () => (
      <div class="actions">
        <Delta now={112} before={100} than="the 30 days before" good="up" />
        <Delta now={80} before={100} than="the 30 days before" good="up" />
        <Delta now={80} before={100} than="the 30 days before" good="down" />
        <Delta now={130} before={100} than="the 30 days before" />
        <Delta now={100} before={100} than="the 30 days before" />
      </div>
    ),
  },
  {
    name: "Stat",
    use: "One figure somebody looks for: label, figure, change, sparkline. Two to five in a row.",
    draw: () => (
      <dl class="stats">
        <Stat
          label="Use this month"
          change={<Delta now={112} before={100} than="the month before" />}
          spark={<Sparkline label="Use in the last 7 days" values={WEEK} />}
        >
          <Credits amount={credits(1612)} />
        </Stat>
        <Stat label="Earned" note="of $24.80 charged">
          <Usd amount={nano(12_404_120_000)} />
        </Stat>
        <Stat label="Calls">
          <Count value={0} />
        </Stat>
      </dl>
    ),
  },
  {
    name: "Progress and meter",
    use: "Progress for what runs now, meter for a part of a limit. Both with the words.",
    draw: (on) => (
      <div class="stack">
        <Progress id={on.id("some")} label="Importing prices" value={3} max={12} text="3 of 12 providers" />
        <Progress id={on.id("none")} label="Testing the upstream" text="Waiting for its answer" />
        <Meter label="Calls today" value={120} max={500} text="120 of 500 calls" />
        <CreditMeter label="Images" used={credits(190)} limit={credits(200)} />
      </div>
    ),
  },
  {
    name: "Timeline",
    use: "What happened to one thing, newest first.",
    draw: ({ now }) => (
      <Timeline
        now={now}
        events={[
          { atMs: now - MINUTE, title: "Verified", text: "By Grace Operator.", tone: "ok", icon: "check" },
          { atMs: now - 5 * HOURS, title: "Limit reached", text: "50 credits a day.", tone: "warn", icon: "alert" },
          { atMs: now - 30 * HOURS, title: "Created" },
        ]}
      />
    ),
  },
]
