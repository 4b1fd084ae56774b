import { Area, Button, Choice, Choices, ErrorSummary, Field, Form, Select, Switch } from "../ui/index.ts"
import type { Specimen } from "./specimen.ts"

export const FORMS: readonly Specimen[] = [
  {
    name: "Field",
    use: "One line of text. The label says what, the help says how, the error says what to do.",
    draw: (on) => (
      <div class="stack">
        <Field
          id={on.id("rest")}
          name="email"
          label="Email"
          type="email"
          help="We send a code to it."
          placeholder="you@example.com"
        />
        <Field
          id={on.id("affix")}
          name="limit"
          label="Limit"
          prefix="At most"
          suffix="credits a day"
          value="50"
          inputmode="decimal"
        />
        <Field
          id={on.id("bad")}
          name="uri"
          label="Redirect URI"
          value="storyteller"
          error="Begin with https://, for instance https://example.com/callback"
        />
        <Field id={on.id("off")} name="name" label="Name" value="Set by your organisation" disabled />
        <Field id={on.id("opt")} name="company" label="Company" optional />
      </div>
    ),
  },
  {
    name: "Select and text area",
    use: "One of more than five; text of several lines.",
    draw: (on) => (
      <div class="stack">
        <Select
          id={on.id("kind")}
          name="kind"
          label="Kind"
          value="b"
          options={[
            { value: "a", label: "OpenAI" },
            { value: "b", label: "OpenRouter" },
          ]}
        />
        <Select
          id={on.id("off")}
          name="off"
          label="Kind"
          disabled
          options={[{ value: "a", label: "Nothing to choose" }]}
        />
        <Area
          id={on.id("area")}
          name="reason"
          label="Reason"
          help="The person reads it."
          value="Shared one access token."
        />
        <Area
          id={on.id("bad")}
          name="uris"
          label="Redirect URIs"
          mono
          value="http//nowhere"
          error="Line 1 is not an address. Begin with https://"
        />
      </div>
    ),
  },
  {
    name: "Checkbox and radio",
    use: "Yes or no as part of a form; one of two to five.",
    draw: (on) => (
      <div class="stack">
        <Choice id={on.id("on")} name="a" value="1" label="Use this when you are not in the app" checked />
        <Choice id={on.id("off")} name="b" value="1" label="Make images" help="About 40 credits each." />
        <Choice id={on.id("bad")} name="c" value="1" label="I have read the agreement" error="Tick the box to go on" />
        <Choice id={on.id("dis")} name="d" value="1" label="Not on this plan" disabled />
        <Choices
          legend="Kind of app"
          name={on.id("kind")}
          type="radio"
          options={[
            { value: "server", label: "Runs on a server", help: "Can keep a secret.", checked: true },
            { value: "browser", label: "Runs in a browser or on a phone" },
          ]}
        />
      </div>
    ),
  },
  {
    name: "Switch",
    use: "On or off at once, on its own form. Inside a longer form use a checkbox.",
    draw: (on) => (
      <div class="stack">
        <Switch
          id={on.id("on")}
          name={on.id("on")}
          value="1"
          label="Recharge by itself"
          help="Below 100 credits."
          checked
        />
        <Switch id={on.id("off")} name={on.id("off")} value="1" label="Weekly summary" />
        <Switch id={on.id("dis")} name={on.id("dis")} value="1" label="Not on this plan" disabled />
      </div>
    ),
  },
  {
    name: "Form with errors",
    use: "After a 422: the summary takes the focus, what was typed is kept.",
    draw: (on) => (
      <Form action="/theme" csrf={on.csrf} hidden={{ back: "/_ui", theme: "system" }}>
        <ErrorSummary errors={{ [on.id("name")]: "Enter a name", form: "Nothing was saved yet." }} quiet />
        <Field id={on.id("name")} name="name" label="Name" error="Enter a name" />
        <Button kind="primary" label="Create app" />
      </Form>
    ),
  },
]
