// Parts that choose, and that take special input, in every state.
import { CodeField, Combobox, DateFields, MultiSelect, PasswordField, Slider, TagField } from "../ui/index.ts"
import type { Specimen, Stand } from "./specimen.ts"

const RTL = "مرحبا بالعالم"
const LONG = "a-very-long-model-name-that-somebody-made-up-for-a-fine-tune-of-a-fine-tune-2026-11-26"
const MODELS = [
  { value: "gpt-5", label: "GPT-5", detail: "$1.25 in, $10 out" },
  { value: "gpt-5-mini", label: "GPT-5 mini", detail: "$0.25 in, $2 out" },
  { value: "claude-sonnet-5", label: "Claude Sonnet 5", detail: "$3 in, $15 out" },
  { value: "gemini-3-pro", label: "Gemini 3 Pro", detail: "$2 in, $12 out" },
  { value: "mistral-large", label: "Mistral Large", detail: "not on this plan", disabled: true },
  { value: LONG, label: LONG, detail: "$0.10 in, $0.40 out" },
  { value: "rtl", label: RTL, detail: "$0.10 in, $0.40 out" },
]
const URI = "https://.+"
const at = (index: number) => MODELS[index]!

const CHOICE: readonly Specimen[] = [
  {
    name: "Combobox",
    use: "One of more than ten, found by typing: models, people. With `search` the server finds.",
    draw: (on) => (
      <div class="stack">
        <Combobox id={on.id("rest")} name="a" label="Model" options={MODELS} empty="Any model" help="For new calls." />
        <Combobox id={on.id("chosen")} name="b" label="Fallback" options={MODELS} value="gpt-5-mini" optional />
        <Combobox
          id={on.id("search")}
          name="c"
          label="Owner"
          search="/_ui/options"
          placeholder="Name or email"
          help="Asks the server; three pauses a second at most."
        />
        <Combobox
          id={on.id("bad")}
          name="d"
          label="Model that is gone"
          options={MODELS}
          value={LONG}
          error="This model has no price. Choose another."
        />
        <Combobox id={on.id("off")} name="e" label="Set by the plan" options={MODELS} value="rtl" disabled />
      </div>
    ),
  },
  {
    name: "Multi-select",
    use: "Several of more than ten, as chips. Fewer are checkboxes.",
    draw: (on) => (
      <div class="stack">
        <MultiSelect id={on.id("empty")} name="f" label="Models" options={MODELS} placeholder="Add a model" />
        <MultiSelect id={on.id("some")} name="g" label="Allowed" options={MODELS} chosen={[at(0), at(5), at(6)]} />
        <MultiSelect
          id={on.id("search")}
          name="h"
          label="People"
          search="/_ui/options"
          chosen={[{ value: "ada", label: "Ada Reader" }]}
        />
        <MultiSelect
          id={on.id("bad")}
          name="i"
          label="Blocked"
          options={MODELS}
          chosen={[at(1)]}
          error="At least one model must stay allowed."
        />
        <MultiSelect id={on.id("off")} name="j" label="Included" options={MODELS} chosen={[at(2)]} disabled />
        <div dir="rtl">
          <MultiSelect id={on.id("rtl")} name="k" label={RTL} options={MODELS} chosen={[at(0), at(6)]} />
        </div>
      </div>
    ),
  },
  {
    name: "Tags",
    use: "Words of one's own, several: addresses, labels. Enter or a comma adds, Backspace takes the last away.",
    draw: (on) => (
      <div class="stack">
        <TagField id={on.id("empty")} name="l" label="Labels" tags={[]} placeholder="Add a label" optional />
        <TagField
          id={on.id("some")}
          name="m"
          label="Redirect URIs"
          tags={["https://storyteller.example.com/callback", `https://example.com/${"deep/".repeat(12)}`]}
          pattern={URI}
          wrong="begin with https://"
          withCommas
          mono
          help="Exactly as your app sends them."
        />
        <TagField id={on.id("bad")} name="n" label="Domains" tags={["example"]} error="“example” is not a domain." />
        <TagField id={on.id("off")} name="o" label="Fixed labels" tags={["billing", RTL]} disabled />
      </div>
    ),
  },
]

const days = (on: Stand, name: string, more: object) => <DateFields id={on.id(name)} {...more} />

const INPUT: readonly Specimen[] = [
  {
    name: "Range of days",
    use: "Two dates and a calendar that fills them. Arrows walk by day and week, Page Up and Down by month.",
    draw: (on) => (
      <div class="stack">
        {days(on, "rest", { names: ["from_a", "to_a"], from: "2026-11-03", to: "2026-11-18", max: "2026-11-26" })}
        {days(on, "empty", { names: ["from_b", "to_b"], min: "2026-01-01" })}
        {days(on, "bad", { names: ["from_c", "to_c"], from: "2026-11-18", to: "2026-11-03", invalid: true })}
        {days(on, "off", { names: ["from_d", "to_d"], from: "2026-11-01", to: "2026-11-30", disabled: true })}
      </div>
    ),
  },
  {
    name: "Slider of sizes",
    use: "Beside a number field, for amounts that people think of in sizes: 1, 2, 5, 10 … The field takes any value.",
    draw: (on) => (
      <div class="stack">
        {["100", "73.5"].map((value, index) => (
          <div class="limit">
            <label for={on.id(`limit-${index}`)}>At most per day</label>
            <Slider
              field={on.id(`limit-${index}`)}
              label="At most per day for: chat"
              value={Number(value)}
              max={1000}
              unit="credits"
            />
            <span class="control">
              <input
                id={on.id(`limit-${index}`)}
                name={on.id(`limit-${index}`)}
                type="number"
                min="0"
                step="any"
                value={value}
                autocomplete="off"
              />
              <span class="suffix">credits</span>
            </span>
          </div>
        ))}
      </div>
    ),
  },
  {
    name: "Password and code",
    use: "A password can be seen until it is sent. A code takes spaces and dashes, and goes by itself.",
    draw: (on) => (
      <div class="stack">
        <PasswordField id={on.id("rest")} name="p" label="Password" autocomplete="off" help="At least 8 characters." />
        <PasswordField id={on.id("bad")} name="q" label="Current password" autocomplete="off" error="That is not it." />
        <PasswordField id={on.id("off")} name="r" label="New password" autocomplete="off" disabled />
        <CodeField id={on.id("code")} name="s" label="Code" />
        <CodeField
          id={on.id("wrong")}
          name="t"
          label="Code again"
          value="402118"
          error="This code does not match. 4 tries left."
        />
      </div>
    ),
  },
]

export const PICKERS: readonly Specimen[] = [...CHOICE, ...INPUT]
