// Forms of publishers. What is allowed, the catalogue says.
import { field, form } from "../../../http/index.ts"
import {
  type ContactKind,
  CATALOG_LIMITS as L,
  METHODS,
  PLACES,
  type SupportLevel,
  TYPES,
} from "../../../marketplace/index.ts"

const TAKES = ".json,.yaml,.yml,application/json,application/yaml,text/yaml"
const named = <V extends string>(values: readonly V[]) => values.map((value) => ({ value, label: value }))

export const PUBLISHER_FORM = form(
  {
    name: field.text({ label: "Name", required: true, length: 80, help: "People see it beside your APIs." }),
    slug: field.text({
      label: "Address",
      required: true,
      mono: true,
      length: 40,
      help: "Part of the addresses of your APIs: /m/<address>/<API>. A former address leads on to the new one for a year.",
    }),
    organisation: field.text({ label: "Organisation", optional: true, length: 120 }),
    about: field.area({ label: "About you", optional: true, rows: 4, length: 2_000 }),
  },
  { submit: "Save" },
)

export const IMPORT_FORM = form(
  {
    file: field.document({
      label: "File",
      accept: TAKES,
      optional: true,
      help: "OpenAPI 3.0 or 3.1, JSON or YAML, up to 5 MB.",
    }),
    url: field.url({
      label: "or its address",
      optional: true,
      help: "Fetched once, now. References to other files are not followed.",
    }),
    text: field.area({
      label: "or its text",
      optional: true,
      rows: 6,
      mono: true,
      help: "Up to 64 kB; choose the file for more.",
    }),
    upstreamUrl: field.url({
      label: "Your server",
      optional: true,
      mono: true,
      help: "Where calls go. Empty: the first https server that the document names.",
    }),
  },
  { submit: "Import" },
)

/** Of a product that is there: its server is known. */
export const BRING_FORM = IMPORT_FORM.with({ upstreamUrl: null })

export const EMPTY_FORM = form(
  {
    title: field.text({ label: "Name of the API", required: true, length: 80 }),
    upstreamUrl: field.url({
      label: "Your server",
      required: true,
      mono: true,
      help: "Such as https://api.example.com/v1",
    }),
  },
  { submit: "Start empty" },
)

const IPS = "One a line, such as 203.0.113.7, 10.0.0.0/8 or 2001:db8::/32."
/** Who may call from where: of an API, and of one endpoint beside it. */
const addresses = (others: string) => ({
  allowedIps: field.lines({
    label: "Takes calls from",
    optional: true,
    mono: true,
    group: "Addresses of callers",
    help: `${IPS} Empty: from anywhere${others}.`,
  }),
  deniedIps: field.lines({
    label: "Never from",
    optional: true,
    mono: true,
    group: "Addresses of callers",
    help: "Goes before what is allowed. Whoever calls from there is refused, and uses no quota.",
  }),
})

export const PRODUCT_FORM = form(
  {
    title: field.text({ label: "Name", required: true, length: 80 }),
    tagline: field.text({ label: "In one line", optional: true, length: 160, help: "Shown in lists and search." }),
    slug: field.text({
      label: "Address",
      required: true,
      mono: true,
      length: 60,
      help: "Links and programs that use the present one stop working when it changes.",
    }),
    version: field.text({ label: "Version", required: true, mono: true, length: 40 }),
    categories: field.text({
      label: "Categories",
      optional: true,
      help: "Up to five, apart by commas: weather, maps.",
    }),
    upstreamUrl: field.url({
      label: "Your server",
      required: true,
      mono: true,
      group: "Your server",
      help: "Where calls go; people never see it.",
    }),
    upstreamHeader: field.text({
      label: "Header with your own key",
      optional: true,
      mono: true,
      group: "Your server",
      help: "If your server wants a key, such as x-api-key. The gateway sends it with every call.",
    }),
    upstreamSecret: field.secret({
      label: "Its value",
      optional: true,
      group: "Your server",
      help: "Kept sealed and never shown. Empty: it stays as it is.",
    }),
    timeoutSeconds: field.count({ label: "Longest wait", suffix: "seconds", required: true, group: "Your server" }),
    ...addresses(""),
    seenMs: field.version(),
  },
  { submit: "Save" },
)

export const OVERVIEW_FORM = form(
  {
    overview: field.area({
      label: "Overview",
      optional: true,
      rows: 16,
      mono: true,
      length: 20_000,
      help: "Markdown. What the API does, whom it is for, what to know first.",
    }),
  },
  { submit: "Save overview", textChars: L.overviewChars },
)

export const GUIDE_FORM = form(
  {
    title: field.text({ label: "Title", required: true, length: 80 }),
    body: field.area({ label: "Text", rows: 20, mono: true, help: "Markdown, up to 60,000 characters." }),
  },
  { submit: "Save guide", textChars: L.guideChars },
)

export const CHANGE_FORM = form(
  {
    version: field.text({ label: "Version", required: true, mono: true, length: 40 }),
    title: field.text({ label: "What changed, in one line", required: true, length: 120 }),
    body: field.area({ label: "More about it", optional: true, rows: 6, help: "Markdown." }),
    breaking: field.box({ label: "Callers have to change something", help: "It is marked as a breaking change." }),
    mail: field.box({
      label: "Mail it",
      help: "To subscribers who asked for mails about changes; of one API at most three a day.",
    }),
  },
  { submit: "Publish entry", textChars: L.changeChars },
)

const LEVELS: readonly { value: SupportLevel; label: string }[] = [
  { value: "community", label: "Everybody" },
  { value: "email", label: "Plans with support by mail, and above" },
  { value: "priority", label: "Plans with priority support, and above" },
  { value: "dedicated", label: "Plans with a dedicated contact" },
]
export const LEVEL_LABEL = new Map(LEVELS.map(({ value, label }) => [value, label]))

const KINDS: readonly { value: ContactKind; label: string }[] = [
  { value: "email", label: "Mail" },
  { value: "chat", label: "Chat" },
  { value: "tickets", label: "Tickets" },
  { value: "forum", label: "Forum" },
  { value: "person", label: "A person" },
  { value: "status", label: "Status page" },
]
export const KIND_LABEL = new Map(KINDS.map(({ value, label }) => [value, label]))

export const CONTACT_FORM = form(
  {
    kind: field.choice({ label: "Kind", options: KINDS }),
    label: field.text({ label: "Words", required: true, length: 80, help: "Such as “Answers within a working day”." }),
    target: field.text({ label: "Mail address or https address", required: true, length: 300 }),
    level: field.choice({ label: "For", options: LEVELS }),
  },
  { submit: "Add contact" },
)

export const QUESTION_FORM = form(
  {
    question: field.text({ label: "Question", required: true, length: 200 }),
    answer: field.area({ label: "Answer", required: true, rows: 4, help: "Markdown." }),
  },
  { submit: "Save question" },
)

export const SERVER_FORM = form(
  {
    host: field.text({ label: "Host name", required: true, mono: true, length: 253, help: "Such as api.example.com" }),
  },
  { submit: "Add server" },
)

export const ENDPOINT_FORM = form(
  {
    method: field.choice({ label: "Method", options: named(METHODS) }),
    path: field.text({
      label: "Path",
      required: true,
      mono: true,
      length: 300,
      help: "Names in braces are parameters: /weather/{city}",
    }),
    title: field.text({ label: "Title", required: true, length: 120 }),
    description: field.area({ label: "Description", optional: true, rows: 5, help: "Markdown." }),
    minPlan: field.choice<string>({
      label: "Lowest plan that has it",
      options: [{ value: "", label: "Every plan" }],
      byDomain: true,
    }),
    weight: field.count({ label: "Units of quota a call uses", required: true }),
    priceNano: field.dollars({
      name: "price",
      label: "Price of each call beside the plan",
      help: "0 = in the plan.",
      required: true,
    }),
    validates: field.box({
      label: "Check calls against the parameters",
      help: "Calls that do not fit are refused before they reach your server, and use no quota.",
    }),
    deprecated: field.box({ label: "Deprecated" }),
    bodyType: field.text({
      label: "Media type",
      optional: true,
      mono: true,
      group: "Body",
      help: "Such as application/json",
    }),
    bodySchema: field.area({ label: "JSON Schema", optional: true, rows: 6, mono: true, group: "Body" }),
    ...addresses(" that the API itself takes calls from"),
  },
  { submit: "Save endpoint", textChars: L.descriptionChars + L.schemaChars },
)

export const PARAMETER_FORM = form(
  {
    place: field.choice({ label: "Stands in", options: named(PLACES) }),
    name: field.text({ label: "Name", required: true, mono: true, length: 120 }),
    type: field.choice({ label: "Type", options: named(TYPES) }),
    required: field.box({ label: "Required" }),
    description: field.text({ label: "Description", optional: true }),
    example: field.text({ label: "Example", optional: true, mono: true }),
  },
  { submit: "Save parameter" },
)

export const ANSWER_FORM = form(
  {
    status: field.count({ label: "Status", required: true }),
    meaning: field.text({ label: "Meaning", optional: true, length: 500 }),
    bodyType: field.text({ label: "Media type", optional: true, mono: true }),
    body: field.area({ label: "Body", optional: true, rows: 8, mono: true }),
    /** Of the answer that it takes the place of; empty = a new one. */
    position: field.hidden({ label: "Place" }),
  },
  { submit: "Save answer", textChars: L.bodyChars },
)
