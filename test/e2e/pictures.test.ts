// Pictures over HTTP: what a person may send and for what, what comes out of a refusal, and what the addresses of pictures answer.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { deflateSync } from "node:zlib"
import { LIMITS } from "../../src/app/index.ts"
import type { WebAgent } from "../../src/cli/demo/agent.ts"
import type { User } from "../../src/identity/index.ts"
import { MEDIA_LIMITS } from "../../src/media/index.ts"
import {
  chunk,
  colourAt,
  gifOf,
  lyingPng,
  pngOf,
  pngWith,
  SECRET,
  scanBomb,
  tellingJpeg,
  tellingPng,
  tellingWebp,
} from "../../src/media/testing.ts"
import { authorizeUrl, csrfOf, signedIn } from "../browser/house.ts"
import { CTX, makeClient, makeDeveloper, makeUser, startTestServer, type TestServer } from "../build.ts"

let server: TestServer
let developer: User
let mara: WebAgent
let eve: WebAgent
let appId: string

beforeAll(async () => {
  server = await startTestServer()
  developer = await makeDeveloper(server.app)
  const { client } = await makeClient(server.app, { ownerId: developer.id })
  appId = client.publicId
  await makeClient(server.app, { ownerId: developer.id, name: "Another" })
  mara = await signedIn(server, developer.email)
  eve = await signedIn(server, (await makeUser(server.app, { name: "Eve" })).email)
}, 60_000)
afterAll(() => server?.close())

const cookieOf = (agent: WebAgent) =>
  ["browser", "auth", "console"].map((name) => `purser_${name}=${agent.cookie(server.url, `_${name}`)}`).join("; ")

interface Sending {
  path?: string
  file?: Blob | undefined
  name?: string
  crop?: string
  csrf?: string
  headers?: Record<string, string>
}

async function send(agent: WebAgent, { path = "/settings/picture", file, name, crop = "", ...rest }: Sending) {
  const body = new FormData()
  body.set("csrf", rest.csrf ?? (await csrfOf(server, agent)))
  body.set("crop", crop)
  if (file) body.set("picture", file, name ?? "photo.jpg")
  return post(agent, path, body, rest.headers)
}

const post = (agent: WebAgent, path: string, body: BodyInit, headers: Record<string, string> = {}) =>
  fetch(`${server.url}${path}`, {
    method: "POST",
    body,
    redirect: "manual",
    headers: { cookie: cookieOf(agent), "sec-fetch-site": "same-origin", ...headers },
  })

const blobOf = (bytes: Uint8Array | string, type = "image/jpeg"): Blob =>
  new Blob([typeof bytes === "string" ? bytes : Uint8Array.from(bytes)], { type })
const avatarOf = (user: User) => server.app.media.addressOf({ purpose: "avatar", subject: user.publicId }, 64)
const iconOf = (id: string) => server.app.media.addressOf({ purpose: "icon", subject: id }, 64)
const get = (path: string, headers: Record<string, string> = {}) => fetch(`${server.url}${path}`, { headers })
const pageOf = async (agent: WebAgent, path: string) =>
  (await fetch(`${server.url}${path}`, { headers: { cookie: cookieOf(agent) } })).text()

test("a publisher's logo is made anew like every picture, and shown with what they publish", async () => {
  const { publisher } = await server.app.store.write(CTX, (tx) => {
    const publisher = server.app.marketplace.catalog.becomePublisherIn(tx, {
      ownerId: developer.id,
      slug: "paper-boat",
      name: "Paper Boat",
    })
    return { publisher, product: seedProductOf(server, tx, developer) }
  })
  const path = "/publisher/settings/logo"
  expect((await send(eve, { path, file: blobOf(await tellingJpeg(300, 200)) })).status).toBe(404)
  expect((await send(mara, { path, file: blobOf("<svg onload=alert(1)>") })).status).toBe(422)
  const answer = await send(mara, { path, file: blobOf(await tellingJpeg(300, 200)), crop: "0 0.3 0.4" })
  expect([answer.status, answer.headers.get("location")]).toEqual([303, "/publisher/settings#logo-title"])
  const address = iconOf(publisher.publicId)!
  const bytes = new Uint8Array(await (await get(address)).arrayBuffer())
  expect([Buffer.from(bytes).toString("latin1", 8, 12), Buffer.from(bytes).includes(SECRET)]).toEqual(["WEBP", false])
  for (const page of ["/marketplace", "/marketplace/boats"])
    expect([page, (await (await get(page)).text()).includes(`src="${address}"`)]).toEqual([page, true])
  expect((await pageOf(mara, "/publisher/settings")).includes("Remove logo")).toBe(true)
  const body = new URLSearchParams({ csrf: await csrfOf(server, mara) })
  expect((await post(mara, `${path}/removal`, body)).status).toBe(303)
  expect(iconOf(publisher.publicId)).toBeUndefined()
})

test("a person's picture is stored, shown in the sidebar, and taken away", async () => {
  const answer = await send(mara, { file: blobOf(await tellingJpeg(300, 200)), crop: "0 0.3 0.4" })
  expect([answer.status, answer.headers.get("location")]).toEqual([303, "/settings"])
  const address = avatarOf(developer)!
  expect((await pageOf(mara, "/dashboard")).includes(`src="${address}"`)).toBe(true)
  const sent = await get(address)
  const bytes = new Uint8Array(await sent.arrayBuffer())
  expect(Buffer.from(bytes).toString("latin1")).not.toContain(SECRET.slice(0, 8))
  expect(await colourAt(bytes, 0.5, 0.9)).toBe("red")
  const removed = await post(
    mara,
    "/settings/picture/removal",
    new URLSearchParams({ csrf: await csrfOf(server, mara) }),
  )
  expect(removed.status).toBe(303)
  expect((await pageOf(mara, "/dashboard")).includes("/media/img_")).toBe(false)
}, 60_000)

test("an app's icon stands on its page, in the list, on consent and among a person's apps; another's app is not there", async () => {
  const path = `/developer/apps/${appId}/icon`
  expect((await send(eve, { path, file: blobOf(pngOf(64, 64)) })).status).toBe(404)
  expect(iconOf(appId)).toBeUndefined()
  expect((await send(mara, { path, file: blobOf(pngOf(200, 200)) })).status).toBe(303)
  const address = iconOf(appId)!
  expect((await pageOf(mara, `/developer/apps/${appId}`)).includes(address.replace(/64$/, "128"))).toBe(true)
  expect((await pageOf(mara, "/developer")).includes(address)).toBe(true)
  const consent = await eve.get(authorizeUrl(server, appId))
  expect(consent.text.includes(address.replace(/64$/, "128"))).toBe(true)
  await eve.submit(consent, "/authorize/consent", { decision: "approve" }).catch(() => {})
  expect((await pageOf(eve, "/apps")).includes(address)).toBe(true)
  const removal = new URLSearchParams({ csrf: await csrfOf(server, eve) })
  expect((await post(eve, `${path}/removal`, removal)).status).toBe(404)
  expect(iconOf(appId)).toBe(address)
}, 60_000)

test("an icon: what is no picture, too large or made to swell is refused and the old one stays; the rest comes out clean, cut and still", async () => {
  const path = `/developer/apps/${appId}/icon`
  expect((await send(mara, { path, file: blobOf(pngOf(200, 200)) })).status).toBe(303)
  const before = iconOf(appId)
  const moving = Uint8Array.from(await tellingWebp(64, 64))
  moving[20] = moving[20]! | 2
  const refused: [string, Uint8Array | string, string][] = [
    ["words", "no picture", "Choose a JPEG, PNG, WebP or GIF picture."],
    [
      "SVG",
      '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
      "Choose a JPEG, PNG, WebP or GIF",
    ],
    ["zip", "PK\x03\x04 and more than that", "Choose a JPEG, PNG, WebP or GIF picture."],
    ["millions of pixels in a small file", lyingPng(60_000, 60_000), "too many pixels"],
    ["a GIF of the largest screen", gifOf(65_535, 65_535), "too many pixels"],
    ["hundreds of scans", await scanBomb(64, 64, 300), "This picture is damaged."],
    ["more bytes than may be", new Uint8Array(MEDIA_LIMITS.bytesMax + 1), "larger than 8 MB"],
    ["it moves", moving, "This picture moves."],
    ["nothing behind its head", pngOf(64, 64).slice(0, 60), "This picture is damaged."],
    ["nothing", "", "Choose a picture."],
  ]
  for (const [name, bytes, words] of refused) {
    const answer = await send(mara, { path, file: blobOf(bytes, "image/png"), name: "icon.png" })
    expect([name, answer.status, (await answer.text()).includes(words)]).toEqual([name, 422, true])
    expect([name, iconOf(appId)]).toEqual([name, before])
  }
  const zeros = deflateSync(new Uint8Array(64 * 1024 * 1024), { level: 9 })
  const swelling = chunk("zTXt", Buffer.concat([Buffer.from("Comment\0\0"), zeros]))
  const cleaned: [string, Uint8Array][] = [
    ["EXIF, XMP and a profile in a JPEG", await tellingJpeg(90, 60)],
    ["texts in a PNG, one that swells to 64 MB", pngWith(tellingPng(90, 60), swelling)],
    ["a GIF of 5,000 pictures", gifOf(90, 60, 5_000)],
  ]
  for (const [name, bytes] of cleaned) {
    expect([name, (await send(mara, { path, file: blobOf(bytes), name: "icon.svg" })).status]).toEqual([name, 303])
    const answer = await get(iconOf(appId)!)
    const sent = Buffer.from(await answer.arrayBuffer())
    const { width, height } = await new Bun.Image(sent).metadata()
    expect([name, answer.headers.get("content-type"), width === height]).toEqual([name, "image/webp", true])
    for (const part of [SECRET, "EXIF", "XMP ", "ICCP", "ANIM", "<script"])
      expect([name, part, sent.includes(part)]).toEqual([name, part, false])
  }
}, 60_000)

test("a picture is sent as what it is and nothing else, for ever", async () => {
  await send(mara, { file: blobOf(pngOf(300, 300)) })
  const address = avatarOf(developer)!
  const answer = await get(address)
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    "content-type": "image/webp",
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
    "cache-control": "public, max-age=31536000, immutable",
    "cross-origin-resource-policy": "cross-origin",
  })
  expect(answer.headers.get("set-cookie")).toBeNull()
  const again = await get(address, { "if-none-match": answer.headers.get("etag")! })
  expect([again.status, await again.text()]).toEqual([304, ""])
  const whole = await get(address.replace(/\/64$/, ""))
  expect((await new Bun.Image(await whole.arrayBuffer()).metadata()).width).toBe(256)
}, 60_000)

test("no other path leads to a picture, or to anything else", async () => {
  const id = avatarOf(developer)!.split("/")[2]!
  for (const path of [
    "/media/",
    "/media/img_00000000000000000000000000000000",
    `/media/${id}/63`,
    `/media/${id}/064`,
    `/media/${id}/64/x`,
    `/media/${id}/-64`,
    `/media/${id}/6e1`,
    `/media/${id.toUpperCase()}/64`,
    `/media/${id}.svg`,
    `/media/${id}%00`,
    `/media/${id}%2f64`,
    "/media/..%2f..%2fpurser.db",
    "/media/%2e%2e/%2e%2e/purser.db",
    "/media/img_'%20OR%201=1--/64",
  ]) {
    const { status, headers } = await get(path)
    expect([path, status >= 400 && status < 500, headers.get("content-type")?.startsWith("image/")]).toEqual([
      path,
      true,
      false,
    ])
  }
})

test("what is no picture is refused beside the field, whatever its name and type say", async () => {
  const svg = '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
  const before = avatarOf(developer)
  for (const file of [
    blobOf(svg, "image/svg+xml"),
    blobOf(svg, "image/png"),
    blobOf("<script>alert(1)</script>", "image/jpeg"),
  ]) {
    const answer = await send(mara, { file, name: "../../photo.png" })
    const html = await answer.text()
    expect(answer.status).toBe(422)
    expect(html).toContain("Choose a JPEG, PNG, WebP or GIF picture.")
    expect(html).not.toContain("alert(1)")
  }
  const none = await send(mara, {})
  expect([none.status, (await none.text()).includes("Choose a picture.")]).toEqual([422, true])
  expect(avatarOf(developer)).toBe(before)
}, 60_000)

test("a script in a picture does not come out again", async () => {
  const polyglot = Buffer.concat([Buffer.from(pngOf(64, 64)), Buffer.from("<script>alert('polyglot')</script>")])
  expect((await send(mara, { file: blobOf(polyglot) })).status).toBe(303)
  const bytes = Buffer.from(await (await get(avatarOf(developer)!)).arrayBuffer())
  expect(bytes.toString("latin1")).not.toContain("polyglot")
}, 60_000)

test("a form of another site, or without its token, changes nothing", async () => {
  const before = avatarOf(developer)
  const file = blobOf(pngOf(90, 90))
  expect((await send(mara, { file, csrf: "wrong" })).status).toBe(403)
  expect((await send(mara, { file, headers: { "sec-fetch-site": "cross-site" } })).status).toBe(403)
  expect((await send(mara, { file, csrf: await csrfOf(server, eve) })).status).toBe(403)
  expect(avatarOf(developer)).toBe(before)
  const stranger = await fetch(`${server.url}/settings/picture`, {
    method: "POST",
    body: new FormData(),
    redirect: "manual",
  })
  expect(stranger.headers.get("location")).toStartWith("/console/login")
}, 60_000)

test("bodies that are too large, too many parts or no form at all are refused in words", async () => {
  const large = await send(mara, { file: blobOf(new Uint8Array(LIMITS.uploadBytesMax)) })
  expect([large.status, (await large.text()).includes("larger than 8 MB")]).toEqual([413, true])
  const near = await send(mara, { file: blobOf(new Uint8Array(MEDIA_LIMITS.bytesMax + 1)) })
  expect([near.status, (await near.text()).includes("larger than 8 MB")]).toEqual([422, true])
  const many = "--b\r\ncontent-disposition: form-data; name=x\r\n\r\n1\r\n".repeat(5_000)
  const type = (value: string) => ({ "content-type": value })
  expect((await post(mara, "/settings/picture", `${many}--b--`, type("multipart/form-data; boundary=b"))).status).toBe(
    400,
  )
  for (const header of [
    "multipart/form-data",
    "multipart/form-data; boundary=",
    `multipart/form-data; boundary=${"b".repeat(71)}`,
  ])
    expect([header, (await post(mara, "/settings/picture", "--b--", type(header))).status]).toEqual([header, 400])
  expect((await post(mara, "/settings/picture", "x", type("multipart/form-data; boundary=b"))).status).toBeOneOf([
    400, 403,
  ])
  // A form without a field for files takes none.
  const other = await send(mara, { path: "/settings/name", file: blobOf(pngOf(32, 32)) })
  expect(other.status).toBe(415)
}, 60_000)

function seedProductOf(
  { app }: TestServer,
  tx: Parameters<Parameters<TestServer["app"]["store"]["write"]>[1]>[0],
  { id: ownerId }: User,
) {
  const { catalog } = app.marketplace
  const made = {
    ownerId,
    title: "Boats",
    slug: "boats",
    upstreamUrl: "https://boats.example.com",
    tagline: "",
    overview: "",
  }
  const product = catalog.createProductIn(tx, { ...made, categories: ["sea"] })
  tx.run("UPDATE market_products SET state = 'published', published_ms = ? WHERE id = ?", tx.now, product.id)
  return product
}
