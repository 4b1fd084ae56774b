// The forms of a webhook endpoint. What is allowed, `webhooks` says.
import { field, form } from "../../../http/index.ts"
import { type EventKind, eventsFor, type Mode, WEBHOOK_LIMITS } from "../../../webhooks/index.ts"

const FIELDS = (to: EventKind["to"]) => ({
  url: field.url({
    label: "Address",
    required: true,
    length: WEBHOOK_LIMITS.urlCharsMax,
    help: "https, on the public internet. It has to answer with 2xx within 15 seconds; redirects are not followed.",
  }),
  description: field.text({
    label: "Description",
    optional: true,
    length: WEBHOOK_LIMITS.descriptionCharsMax,
    help: "For you: which server it is.",
  }),
  types: field.choices({
    name: "event",
    label: "Events",
    help: "None ticked: all of them, also those that come later.",
    options: eventsFor(to).map(({ type, kind }) => ({ value: type as string, label: type, help: kind.when })),
  }),
})

const MODE = field.choice<Mode>({
  label: "Mode",
  control: "radios",
  wrong: "Choose one of the two.",
  options: [
    { value: "live", label: "Live", help: "What happens for real." },
    { value: "test", label: "Test", help: "What happens with test keys and test credits." },
  ],
})

const SUBMIT = { submit: "Add endpoint" }
/** An app's endpoints have the mode of the app, so that `mode` is asked of people alone. */
export const NEW_FORMS = {
  app: form({ ...FIELDS("app"), mode: MODE }, SUBMIT),
  person: form({ ...FIELDS("person"), mode: MODE }, SUBMIT),
} as const

export const DETAILS_FORMS = {
  app: form(FIELDS("app"), { submit: "Save" }),
  person: form(FIELDS("person"), { submit: "Save" }),
} as const
