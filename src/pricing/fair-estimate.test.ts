// The fair estimate beside a tokenizer that we did not write, over text that it was not made with.
import { describe, expect, test } from "bun:test"
import { readFileSync } from "node:fs"
import { encode } from "gpt-tokenizer/encoding/o200k_base"
import { fairTextTokens } from "./fair-estimate.ts"

const file = (name: string) => readFileSync(new URL(`../../${name}`, import.meta.url), "utf8").slice(0, 8_000)
/** Bytes by chance, the same each time (Park and Miller). */
function bytes(count: number): Buffer {
  let state = 42
  const next = () => {
    state = (state * 48_271) % 2_147_483_647
    return state % 256
  }
  return Buffer.from(Array.from({ length: count }, next))
}

const TEXTS: Record<string, string> = {
  English:
    "The committee postponed its decision until next spring because several members wanted to see the results of an independent study first. Meanwhile, ticket prices went up by four percent, and passengers complained loudly on social media.",
  German:
    "Der Ausschuss verschob seine Entscheidung auf das nächste Frühjahr, weil mehrere Mitglieder zuerst die Ergebnisse einer unabhängigen Untersuchung sehen wollten. Inzwischen stiegen die Fahrpreise um vier Prozent.",
  French:
    "La commission a reporté sa décision au printemps prochain, car plusieurs membres souhaitaient d'abord voir les résultats d'une étude indépendante. Entre-temps, le prix des billets a augmenté de quatre pour cent.",
  Polish:
    "Komisja odłożyła decyzję do przyszłej wiosny, ponieważ kilku członków chciało najpierw zobaczyć wyniki niezależnego badania. Tymczasem ceny biletów wzrosły o cztery procent, a pasażerowie głośno narzekali.",
  Russian:
    "Комиссия отложила решение до следующей весны, потому что несколько членов хотели сначала увидеть результаты независимого исследования. Тем временем цены на билеты выросли на четыре процента, и пассажиры громко жаловались.",
  Greek:
    "Η επιτροπή ανέβαλε την απόφασή της για την επόμενη άνοιξη, επειδή αρκετά μέλη ήθελαν πρώτα να δουν τα αποτελέσματα μιας ανεξάρτητης μελέτης. Στο μεταξύ οι τιμές των εισιτηρίων αυξήθηκαν.",
  Hebrew:
    "הוועדה דחתה את החלטתה לאביב הבא, משום שכמה חברים רצו לראות תחילה את תוצאותיו של מחקר בלתי תלוי. בינתיים עלו מחירי הכרטיסים בארבעה אחוזים והנוסעים התלוננו בקול רם.",
  Arabic:
    "أجلت اللجنة قرارها إلى الربيع المقبل لأن عددا من الأعضاء أرادوا أولا الاطلاع على نتائج دراسة مستقلة. وفي غضون ذلك ارتفعت أسعار التذاكر بنسبة أربعة في المئة واشتكى الركاب بصوت عال.",
  Hindi:
    "समिति ने अपना निर्णय अगले वसंत तक टाल दिया क्योंकि कई सदस्य पहले एक स्वतंत्र अध्ययन के परिणाम देखना चाहते थे। इस बीच टिकटों के दाम चार प्रतिशत बढ़ गए और यात्रियों ने जोर से शिकायत की।",
  Bengali:
    "কমিটি আগামী বসন্ত পর্যন্ত সিদ্ধান্ত স্থগিত রেখেছে, কারণ কয়েকজন সদস্য আগে একটি স্বাধীন গবেষণার ফলাফল দেখতে চেয়েছিলেন। এদিকে টিকিটের দাম চার শতাংশ বেড়ে গেছে।",
  Thai: "คณะกรรมการเลื่อนการตัดสินใจไปจนถึงฤดูใบไม้ผลิหน้า เพราะสมาชิกหลายคนต้องการเห็นผลการศึกษาอิสระก่อน ในระหว่างนั้นราคาตั๋วเพิ่มขึ้นสี่เปอร์เซ็นต์และผู้โดยสารบ่นเสียงดัง",
  Chinese:
    "委员会将决定推迟到明年春天，因为几位成员想先看到一项独立研究的结果。与此同时，票价上涨了百分之四，乘客们在社交媒体上大声抱怨。记者昨天采访了三位官员，他们都拒绝评论。",
  Japanese:
    "委員会は、何人かの委員がまず独立した調査の結果を見たいと望んだため、決定を来年の春まで延期した。その間に切符の値段は四パーセント上がり、乗客は大きな声で不満を言った。",
  Korean:
    "위원회는 여러 위원이 먼저 독립적인 연구 결과를 보고 싶어 했기 때문에 결정을 내년 봄까지 미루었다. 그동안 표 값은 사 퍼센트 올랐고 승객들은 큰 소리로 불평했다.",
  "code in TypeScript": file("src/ledger/index.ts"),
  "code in TSX": file("views/console/credits/history.tsx"),
  "code in SQL": file("migrations/0003_identity.sql"),
  "code in CSS": file("public/css/tokens.css"),
  prose: file("docs/reference/chat-completions.md"),
  JSON: file("tsconfig.json"),
  base64: bytes(4_000).toString("base64"),
  hexadecimal: bytes(2_000).toString("hex"),
  "emoji of long standing": "🎉🚀🔥✨🙏👏💯🎂🌈🌍🍕🍔🐶🐱🚗🏠📱💻🎵🎁".repeat(3),
  "newer emoji": "🫡🫥🫶🪷🪸🪹🪺🫗🫘🫙🫰🫱🫲🫳🫴🫵".repeat(3),
  "emoji in text":
    "Happy birthday 🎂🎉 hope you have a great day 😊 see you on Saturday 🚗 and bring the cake 🍰 please 🙏",
}

describe("within a quarter of o200k:", () => {
  for (const [name, text] of Object.entries(TEXTS)) {
    test(name, () => {
      const ratio = fairTextTokens(text) / encode(text, { disallowedSpecial: new Set() }).length
      expect(ratio).toBeWithin(0.75, 1.25)
    })
  }
})

test("whatever the text: whole, never below nothing, and in time that grows with it", () => {
  expect(fairTextTokens("")).toBe(0)
  for (const text of ["\ud83e", "\0", " ", "\n", "a", "\ufffd"]) expect(fairTextTokens(text)).toBeWithin(0, 3)
  const time = (length: number) => {
    const text = "a".repeat(length)
    const before = performance.now()
    for (let round = 0; round < 20; round++) fairTextTokens(text)
    return performance.now() - before
  }
  time(100_000)
  // The best of a few: others use the machine too.
  const best = (size: number) => Math.min(...Array.from({ length: 4 }, () => time(size)))
  expect(best(1_000_000) / best(100_000)).toBeLessThan(60)
})
