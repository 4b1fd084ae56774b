import { credits, nano } from "../../src/app/units.ts"
import {
  Button,
  Chip,
  Chips,
  Compare,
  Credits,
  CreditsMoved,
  DayHeading,
  HelpTip,
  Id,
  inZone,
  PriceCard,
  PriceCards,
  Skeleton,
  Stat,
  Time,
  When,
} from "../ui/index.ts"
import type { Specimen } from "./specimen.ts"

const MINUTE = 60_000
const DAY = 86_400_000

export const SMALL: readonly Specimen[] = [
  {
    name: "Help popover",
    use: "A word more for who wants it. Opens and closes without scripts; Escape gives back the focus.",
    draw: (on) => (
      <div class="stack">
        <p>
          {"1,000 credits are $1 "}
          <HelpTip id={on.id("worth")} label="What a credit is worth">
            Credits are what you pay with in every app. <a href="/_ui">How prices come about</a>
          </HelpTip>
        </p>
        <p dir="rtl">
          {"رصيد "}
          <HelpTip id={on.id("rtl")} label="ما هو الرصيد">
            نص طويل من اليمين إلى اليسار يشرح ما هو الرصيد وكيف يتم استخدامه في كل تطبيق.
          </HelpTip>
        </p>
      </div>
    ),
  },
  {
    name: "Chip",
    use: "What a list is narrowed to, or what belongs to a thing. A state in a word is a badge.",
    draw: () => (
      <div class="stack">
        <Chips
          label="Filters"
          chips={[
            { label: "gpt-5-mini", removeHref: "/_ui" },
            { label: "Storyteller with a name that is much longer than any chip should be", removeHref: "/_ui" },
            { label: "مرحبا بالعالم", removeHref: "/_ui" },
          ]}
        />
        <Chips
          label="Kinds"
          chips={[
            { label: "All", href: "/_ui", current: true, count: "1,240" },
            { label: "Chat", href: "/_ui", count: "812" },
            { label: "Images", href: "/_ui", icon: "apps" },
          ]}
        />
        <p>
          <Chip label="plain" />
        </p>
      </div>
    ),
  },
  {
    name: "Id with copy",
    use: "Cut in the middle for the eye; whole in the title, for readers, for a search in the page and when copied.",
    draw: () => (
      <dl class="facts wide">
        <div>
          <dt>Long</dt>
          <dd>
            <Id text="usr_01JD4Z9W5H7Q8R2T3V4X5Y6Z7A" />
          </dd>
        </div>
        <div>
          <dt>With its page</dt>
          <dd>
            <Id text="txn_01JD4Z9W5H7Q8R2T3V4X5Y6Z7A" href="/_ui" />
          </dd>
        </div>
        <div>
          <dt>Short</dt>
          <dd>
            <Id text="cli" />
          </dd>
        </div>
        <div>
          <dt>Hash</dt>
          <dd>
            <Id text="9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08" />
          </dd>
        </div>
      </dl>
    ),
  },
  {
    name: "Times",
    use: "The reader's time, with UTC in the title. Where the zone is not known it is UTC and says so.",
    draw: ({ now }) => (
      <dl class="facts">
        <div>
          <dt>Zone not known, or by scripts</dt>
          <dd>
            <Time ms={now} />
          </dd>
        </div>
        <div>
          <dt>Zone known to the server</dt>
          <dd>{inZone("Asia/Kolkata", () => Time({ ms: now }))}</dd>
        </div>
        <div>
          <dt>Clock and day</dt>
          <dd>
            <Time ms={now} kind="clock" />, <Time ms={now} kind="day" />
          </dd>
        </div>
        <div>
          <dt>Ago, ahead, never, long ago</dt>
          <dd>
            <When ms={now - 3 * MINUTE} now={now} />, <When ms={now + 90 * MINUTE} now={now} />,{" "}
            <When ms={null} now={now} />, <When ms={now - 90 * DAY} now={now} />
          </dd>
        </div>
      </dl>
    ),
  },
  {
    name: "Day heading",
    use: "Over the rows of one day of the books, with what they add up to.",
    draw: (on) => (
      <div class="stack">
        <DayHeading
          level={4}
          id={on.id("today")}
          dayMs={on.now}
          now={on.now}
          total={<CreditsMoved amount={nano(-42_100_000)} />}
        />
        <DayHeading level={4} dayMs={on.now - DAY} now={on.now} total={<CreditsMoved amount={credits(100)} />} />
        <DayHeading level={4} dayMs={on.now - 40 * DAY} now={on.now} />
      </div>
    ),
  },
  {
    name: "Price cards",
    use: "Two to four things to choose from. One word marks at most one of them.",
    wide: true,
    draw: () => (
      <PriceCards>
        <PriceCard
          level={4}
          name="Free"
          price="$0"
          text="To look around."
          points={["100 credits each day", "Every app"]}
          mark="Your plan"
        />
        <PriceCard
          level={4}
          name="Plus"
          price="$9"
          per="a month"
          text="For people who use several apps each day."
          points={["300 credits each day", "10,000 credits each month", "Your own keys beside credits"]}
          action={<Button kind="primary" href="/_ui" label="Choose Plus" />}
        />
        <PriceCard
          level={4}
          name="الخطة الطويلة جدًا للفرق الكبيرة"
          price="$1,249.99"
          per="a month, billed once a year, plus tax"
          points={["A point that is so long that it needs more than a single line on any card of this width"]}
          action={<Button href="/_ui" label="Choose this plan" />}
        />
      </PriceCards>
    ),
  },
  {
    name: "Comparison",
    use: "Plans point by point. The head stays in sight; a check is a word too.",
    wide: true,
    draw: () => (
      <Compare
        caption="Plans compared"
        plans={[
          { name: "Free", price: "$0", mark: "Your plan" },
          { name: "Plus", price: "$9 a month" },
          { name: "Pro", price: "$29 a month" },
        ]}
        groups={[
          {
            title: "Credits",
            rows: [
              { label: "Each day", values: ["100 credits", "300 credits", "500 credits"] },
              { label: "Each month", values: [false, "10,000 credits", "40,000 credits"] },
            ],
          },
          {
            title: "Also",
            rows: [
              { label: "Your own provider keys", values: [false, true, true] },
              { label: "Priority support", values: [false, false, true] },
            ],
          },
        ]}
      />
    ),
  },
  {
    name: "Skeleton",
    use: "Room for what is on its way, as high as what comes. Only for what takes longer than 300 ms.",
    draw: () => (
      <div class="stack">
        <Skeleton label="Loading the description" />
        <Skeleton kind="rows" count={2} label="Loading calls" />
        <dl class="stats">
          <Stat label="Comes as">
            <Credits amount={credits(1612)} />
          </Stat>
        </dl>
        <Skeleton kind="figure" label="Loading use" />
      </div>
    ),
  },
]
