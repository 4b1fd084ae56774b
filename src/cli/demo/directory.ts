// Three apps in the demo's directory, with icons and pictures, as their developer and an admin put them there.
import type { UserId } from "../../app/index.ts"
import type { App } from "../../compose.ts"
import { drawCard, drawLetter } from "../../media/index.ts"

const CTX = { actor: "cli", requestId: "demo", reason: "demo data" }

interface Shown {
  slug: string
  name: string
  colour: string
  category: string
  tags: string[]
  tagline: string
  description: string
  price: string
  /** What its pictures say. */
  shots: readonly (readonly [title: string, text: string])[]
}

const APPS: readonly Shown[] = [
  {
    slug: "recipe-box",
    name: "Recipe Box",
    colour: "#b3541e",
    category: "Productivity",
    tags: ["cooking", "planning"],
    tagline: "Tells you what to cook from what is there",
    description:
      "Write down what is in the fridge, and get **three recipes** for tonight.\n\n- Counts portions, and what is left over\n- Keeps what you liked\n- Makes a shopping list for the week\n\nEach suggestion costs about two credits.",
    price: "About 2 credits a recipe",
    shots: [
      ["Leek, eggs, half a lemon", "Three recipes for tonight, in 20, 35 and 50 minutes"],
      ["Shopping list", "Seven things for five evenings"],
    ],
  },
  {
    slug: "flashcards",
    name: "Flashcards",
    colour: "#1f6f5c",
    category: "Learning",
    tags: ["languages", "school"],
    tagline: "Makes cards of any text, and asks them when you begin to forget",
    description:
      "Paste a chapter or a list of words. **Flashcards** makes questions of it and asks them again after one, three and eight days.\n\nCards are made once and cost credits then; learning them costs nothing.",
    price: "About 5 credits a chapter; learning is free",
    shots: [["What does a mitochondrion do?", "12 of 40 cards today · next ones on Thursday"]],
  },
  {
    slug: "plain-words",
    name: "Plain Words",
    colour: "#4a4fb5",
    category: "Writing",
    tags: ["letters", "forms"],
    tagline: "Says what an official letter wants from you, in plain words",
    description:
      "Paste a letter from an office, a bank or a landlord. **Plain Words** says what it is about, what you have to do and until when, and drafts the answer.\n\nNothing is kept: close the page, and it is gone.",
    price: "About 3 credits a letter",
    shots: [
      ["You have until 14 March", "They ask for two papers. One of them you have sent already."],
      ["Your answer, drafted", "Short, polite, with the number they asked for"],
    ],
  },
]

export async function listApps(app: App, developer: UserId): Promise<void> {
  for (const one of APPS) await listApp(app, developer, one)
}

async function listApp(app: App, ownerId: UserId, shown: Shown): Promise<void> {
  const { slug, name, colour, tagline, description, category, tags } = shown
  const home = `https://${slug}.demo.example`
  const made = await app.store.write(CTX, (tx) => {
    const { client } = app.oauth.registerClientIn(tx, {
      ownerId,
      type: "public",
      name,
      redirectUris: [`${home}/`],
      homepageUrl: `${home}/`,
      scopes: ["openid", "profile", "llm"],
    })
    return app.oauth.updateClientIn(tx, { ownerId, clientPublicId: client.publicId, policyUri: `${home}/privacy` })
  })
  const ref = { ownerId, client: made }
  const bytes = drawLetter(name[0]!, colour)
  const icon = await app.media.storeImage(CTX, { ownerId, purpose: "icon", bytes })
  await app.media.show(CTX, { purpose: "icon", subject: made.publicId }, { id: icon.id, ownerId })
  const draft = { slug, tagline, description, category, tags, url: `${home}/`, sourceUrl: "", priceWords: shown.price }
  await app.directory.save(CTX, { ...ref, draft })
  for (const [title, text] of shown.shots) {
    const picture = drawCard({ house: name, title, text, accent: colour })
    await app.directory.addShot(CTX, { ...ref, bytes: picture, crop: null, alt: `${title}. ${text}` })
  }
  await app.directory.ask(CTX, ref)
  const { listing } = app.directory.own(made)
  if (listing?.askedMs) await app.directory.approve(CTX, { publicId: made.publicId, savedMs: listing.savedMs })
}
