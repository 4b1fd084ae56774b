// The most common passwords of eight or more characters (order of the public leaks counted by zxcvbn, MIT), lower case.
// Anything on it is the first that a guesser tries; OWASP asks to refuse them.

const WORDS = `
password 12345678 123456789 baseball football qwertyuiop 1234567890 superman 1qaz2wsx trustno1 sunshine iloveyou
computer starwars princess 11111111 corvette 1234qwer internet samantha q1w2e3r4t5 maverick whatever mercedes
steelers qwer1234 hardcore q1w2e3r4 midnight bigdaddy marlboro password1 1q2w3e4r cocacola jordan23 asdfasdf
12344321 liverpoo qwerty123 passw0rd abcd1234 slipknot scorpion startrek asdfghjkl redskins qazwsxedc liverpool
dolphins qwertyui metallic mountain elephant rush2112 1q2w3e4r5t creative garfield asdfghjk 1qazxsw2 airborne
brooklyn godzilla 4815162342 darkness blink182 platinum 01012011 11223344 lifehack 12qwaszx snowball nintendo
pakistan redwings explorer guinness lasvegas 789456123 christin asdf1234 babygirl michigan carolina alexande
minecraft metallica snickers paradise 147258369 lacrosse poohbear qweasdzxc einstein drowssap spitfire maryjane
champion svetlana westside security zaq12wsx 123456789a 1232323q scarface qwerty12 stargate 12345qwert semperfi
scotland cherokee simpsons michael1 vladimir passport infinity bulldogs 1234554321 budlight softball kawasaki
wildcats logitech swordfis alexandr motorola patriots colorado juventus freeuser warcraft wolverin elizabet
valentin password123 spiderma hello123 ncc1701d pearljam 123qweasd predator charlie1 panthers peekaboo rolltide
cardinal chevelle loverboy 123654789 changeme electric darkside wolfpack hercules letmein1 741852963 spiderman
blizzard 123456789q cheyenne 147852369 a1b2c3d4 airplane freepass billybob chocolat stingray firebird zeppelin
tarheels greenday 01011980 engineer hellfire serenity fireball darkstar 1029384756 mustang1 pavilion 01012000
bobafett welcome1 swimming defender precious icecream swordfish presario rockstar airforce thailand bluebird
goldfish wrangler cadillac longhorn qazwsx123 microsoft christia 123qweasdzxc assassin atlantis lonewolf
software srinivas valentina veronika babydoll butterfly wordpass devildog mistress freedom1 montreal wolfgang
basketba hotstuff 31415926 stephani jessica1 shamrock deftones renegade blahblah enterpri 1234abcd babylon5
sweetpea yankees1 aardvark butterfl marathon cavalier manchester buckeyes 01011990 diamonds 1qaz2wsx3edc
highland drpepper 12345678910 sherlock thuglife morpheus consumer adgjmptw barcelona overlord sundance ultimate
password! password12 password1234 p@ssw0rd p@ssword pa$$word qwerty1234 qwertz123 administrator admin123
admin1234 welcome123 welcome1234 changeme1 changeme123 letmein123 iloveyou1 iloveyou2 abc12345 abcdefgh
abcdefghi aa123456 a1b2c3d4e5 test1234 testtest testing123 secret123 default1 temp1234 guest123 user1234
root1234 passwort passwort1 motdepasse contraseña 87654321 987654321 0987654321 9876543210 0123456789 123123123
123456abc 12341234 11112222 20202020 summer2024 winter2024 spring2024 purser123 trustno1! monkey123 dragon123
football1 baseball1 princess1 superman1 sunshine1
`

const COMMON: ReadonlySet<string> = new Set(WORDS.trim().split(/\s+/))

/** Whether a guesser would try this first; case does not help. */
export const isCommonPassword = (password: string): boolean => COMMON.has(password.toLowerCase())
