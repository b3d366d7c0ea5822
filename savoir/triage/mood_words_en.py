"""English words of mood, written as in mood_words_fr.py."""

NEGATIONS = "not no without isn aren wasn weren don didn doesn hardly never ain"
STRONG = "very really so extremely completely totally absolutely utterly beyond deeply more seriously incredibly"

SWEARWORDS = {
    "swearing": "fuck fucking fucked fck fuk wtf ffs shit shitty bullshit crap crappy bollocks goddamn",
    "insult": "asshole assholes arsehole arseholes bastard bastards bitch bitches moron morons wanker wankers twat twats prick pricks dickhead dickheads stfu cunt cunts",
}

PHRASES = {
    "furious": """
        unacceptable|outrageous|disgraceful|appalling|shambolic|abysmal|pathetic|laughable|shameful|atrocious|inexcusable|diabolical|deplorable
        a|total|complete|utter|absolute|an|such disgrace|shambles|farce|scandal|circus
        what|is|such|utter|complete|total|absolute [a] joke
        disgusted|disgusting service|behaviour|behavior|treatment|company|way|attitude
        !disgusted
        ridiculous
        furious|livid|fuming|outraged|enraged|infuriated|infuriating|incensed|irate|pissed|angry
        mad at|with
        !fed up
        !sick of
        !sick and tired
        !had enough
        !had it with
        !enough is enough
        !last straw
        !complete|total|utter|absolute waste ~ time|money
        !rip off
        !ripoff
        !ripped|ripping me|us|people|customers off
        !been ripped|scammed|conned|robbed by you|your
        !this|it is [a] [daylight] [complete|total] robbery|theft|scam
        !daylight robbery
        !you scammed|robbed|lied|conned
        !shame on
        !should be ashamed
        !ought to be ashamed
        !never again
        !never [ever] buy|buying|order|ordering|shop|shopping|purchase|recommend|dealing|deal|spending
        !last time i buy|order|use|shop|ever
        !won t [ever] be buying|ordering|back|shopping [anything] [here|from|with] again|you
        !lost [me] [as] a [loyal] customer
        !taking my business
        !contact|contacting|see|seeing|call|calling|speak|speaking|talking|hear ~ lawyer|solicitor|lawyers|solicitors|attorney|ombudsman
        !lawyer|solicitor|lawyers|solicitors|attorney|ombudsman will
        !taking this to
        !letter before action
        !sue|suing you|your|this
        !will|ll|going|have take|to|be [take] [you] [legal] to|legal court|action
        !legal action
        !see|take|taking you in|to court
        !small claims
        !trading standards
        !better business bureau
        !report|reporting you|your|this
        !leave|leaving|post|posting [a] [one] [star] [bad|terrible|negative] review|reviews everywhere
        !how dare you
        !kidding me
        !you [must] [be] joking|kidding
        !are you [guys] [even|actually] [serious|joking|kidding|deaf]
        !what the hell|heck|actual
        !for god|gods|christ|heaven|heavens|pete s|sake
        !for the love of
        !taking the mick|mickey|piss
        !take me for a|an
        !worst [customer] [support|service] [company|service|support|experience|ever|firm|shop]
        !worst ~ ever
        !terrible|horrible|awful|dreadful|lousy|useless|rubbish|poor|shocking [customer] service|support|company|experience|treatment|care|attitude
        !customer service|support|care [is|was|has] [been] [so|absolutely|really|totally|completely|a] terrible|horrible|awful|dreadful|lousy|useless|rubbish|nonexistent|shocking|joke
        !service|support is|was [so|absolutely|really|totally|completely] terrible|horrible|awful|dreadful|lousy|useless|rubbish|shocking
        !you [people|guys] [are|re] [all] [so|absolutely|really|totally|completely] useless|incompetent|hopeless|clueless|thieves
        !you people are|re|never|don|have|keep|can|must
        !no way to run|treat
        !this is how you
        !having a laugh
        !what kind|sort of company
        !zero out of ten
        !the|such|beyond rudeness|insolence
        !so|very|extremely|incredibly|unbelievably rude
        !rude to|with me|us|my
        !never been [spoken|treated|so] [so] [spoken|treated|insulted|offended|badly|rudely]
        !so offended
        !your staff|people|colleague|adviser|agent lied|laughed|swore|shouted|insulted|hung
        !you|u guys|lot are|re terrible|awful|hopeless|shocking|dreadful
        !treat customers is|are shocking|terrible|awful|disgusting
        !unprofessional
        !not one|a sorry|apology
        !not a bit happy
        !nobody|noone ~ takes|does [any] [what] responsibility|they
        !incompetent|incompetence
        !i demand
        !demand a|an|my|to
        !lost|losing|out [all] [my] [of] patience
        !my patience
        !not acceptable
        !not good enough
        !not at|very|remotely [all] happy with|at|about
        !not happy at all
        !not at all happy|satisfied|impressed
        !very|extremely|really|so|deeply unhappy|dissatisfied|disappointed
        !no respect
        !treat|treated|treating ~ like dirt|rubbish|trash|idiots|garbage
        !piece of junk|rubbish|garbage|trash
        !absolute|total|complete garbage|rubbish|junk|trash|nonsense|mess
        !insult|insulting to
        !i ve [just] had it
        !beyond a joke
        !get your act together
    """,
    "annoyed": """
        unhappy|dissatisfied|disappointed|annoyed|frustrated|irritated|upset|displeased|unimpressed
        cross with
        annoying|frustrating|disappointing
        !disappointment
        !still no|not|nothing|waiting|haven [a|had|t|heard|received] [had|heard|received] [single] [reply|answer|response|news|refund|one|solution|nothing]
        !nobody|noone ever|answers|replies|calls|bothers|has|responds|cares [answers|replies|called|replied|answered|bothered]
        !no one ever|answers|replies|calls|bothers|has|responds|cares [answers|replies|called|replied|answered|bothered]
        !keep|kept|keeps ignoring|passing me|being [passed|ignored|fobbed]
        !ignoring me|my
        !been|being fobbed|ignored|passed|messed
        !three|four|five|six|several|many|countless times
        !third|fourth|fifth|tenth|umpteenth time
        !how many [more] times
        !how much longer
        !waited|waiting [for] [over|more|nearly] [than] weeks|months|three|two|four|five|six|a|forever [weeks|months|month] [weeks|months]
        !waste|wasting|wasted [of] [my] [all] time|money|day|morning|afternoon|hours
        !going round|around in circles
        !runaround
        !run around
        !thanks|thank [you] for nothing
        !useless [bot|thing|chat|website]
        !complaining|complain about your|the|you
        !pillar to post
        !passed from
        !dissatisfaction
        !beyond belief
        !cut|hung off|up
        !on hold
        !broken promises
        !lied|liars|lies|lying
        !regret [ever] buying
        !come on
        !not happy|pleased|impressed|satisfied
        !poor service
        !let down
        !bloody|damn|damned
        !sucks
        !nonsense
        !absurd
    """,
    "insult": """
        !you [are|re] [all] [a|an|such|just|nothing|bunch|complete|total|utter|absolute|lying|bloody] [but|of|bunch] [a] [bunch] [of] [complete|total|lying|bloody] idiot|idiots|liars|thieves|crooks|clowns|imbeciles|stupid|dumb|morons|scammers|scum|dimwits|cowboys|muppets|fools|brainless|imbecile|pathetic
        !bunch|pack|load of [bloody|lying|total|complete|useless] idiots|liars|thieves|crooks|clowns|imbeciles|scammers|cowboys|muppets|fools|amateurs|jokers
        !stupid|dumb|idiotic|braindead|brainless|useless|moronic [piece] [of] [bloody|damn] bot|robot|machine|assistant|chatbot|company|people|firm
        !lying|thieving|cheating [bunch] [of] scum|thieves|crooks|scammers|company|people|toads
        !you [complete|total|utter|stupid|bloody|absolute|lying|thieving] idiot|idiots|liars|thieves|crooks|clowns|muppet|muppets|scammers|fool|fools|imbecile
        !you [really] suck
        !screw you
        !piss off
        !go to hell
        !get lost
        !shut up
        !fuck|f off|you
    """,
    "distress": """
        distraught|panicking|panicked|terrified|devastated|hysterical|frantic|overwhelmed|petrified|heartbroken
        !i m|am [so|really|getting|feeling] desperate|desperately
        !desperate please|help
        !please [i] [m|am] desperate
        !at my wits|wit
        !wits|wit end
        !in tears
        !in floods of
        !i ve been|am|m crying|sobbing|weeping
        !m crying|sobbing
        !been crying|sobbing
        !make|made|makes me|her|him cry
        !can|cannot t [take|cope|bear|handle|go] [this|it|on] [anymore|any|longer|with]
        !can t|not cope
        !cannot cope
        !cannot take|bear this|it
        !freaking out
        !panic attack
        !please [please] [please] [somebody|someone|just] help [me] [i|please|this|my] [m|am|don|beg|is]
        !i [m|am] beg|begging
        !begging you
        !begging
        !i m [so|really|very|absolutely|completely] scared|frightened|stressed|helpless
        !i am [so|really|very|absolutely|completely] scared|frightened|stressed|helpless
        !scared|frightened to
        !don|do t|not know what [else|to] to|do|anymore do|anymore
        !no idea what to do [anymore|any|next]
        !know where [else] to turn
        !know who [else] to turn
        !nowhere [else] to turn
        !end of my tether|rope
        !breaking point
        !want to die
        !lost without it
        !nightmare for me|us|my
    """,
    "vulnerable": """
        disabled person|man|woman|adult|and|mother|father|son|daughter|child|user|husband|wife|brother|sister
        am|m|re|being disabled|blind|deaf|autistic|epileptic|diabetic|bedridden|housebound|wheelchair|pregnant|elderly|partially|paralysed|paralyzed|hospitalised|asthmatic|quadriplegic|vulnerable
        !partially sighted
        !visually|hearing impaired
        !hard of hearing
        !disability|disabilities|wheelchair|oxygen|dialysis|ventilator|insulin|pacemaker|chemo|chemotherapy|glucose|cpap|hospice|nebuliser|inhaler
        !sleep apnea|apnoea
        !hearing aid|aids
        !cochlear implant
        !blood sugar|glucose|pressure
        !alzheimer|alzheimers|dementia|parkinson|parkinsons|cancer|autism|autistic|epilepsy|epileptic
        !my|our|elderly|her|his|the|disabled [elderly|disabled|sick|old|little|deaf|blind|autistic|aged] mum|mother|dad|father|son|daughter|child|children|gran|grandmother|grandfather|nan|wife|husband|baby|kid|kids|mom|brother|sister|aunt|neighbour|boy|girl [who] [is|s] [has] [seriously|very|terminally|completely|registered] depends|relies|rely|depend|disabled|autistic|deaf|blind|ill|sick|hospital|bedridden|dying
        !elderly [and] [disabled] mum|mother|dad|father|parent|parents|mom|neighbour|gran|grandmother|lady|man|person|people|aunt|uncle|woman|couple|relative
        !year old mum|mother|dad|father|mom|gran|nan|grandmother|grandfather|grandma|grandad|lady
        !depends|depend|depending|relies|rely|relying [entirely|completely|totally|heavily] on it|this|that|the
        !my life depends|livelihood
        !life support|depends
        !medical|health device|equipment|condition|reasons|monitor|monitoring|alert|appointments|emergency
        !serious|seriously|terminally|chronically|chronic|terminal ill|illness|disease
        !in|into [the] hospital
        !heart condition|monitor|patient|failure
        !call [an] [for] ambulance|999|911|112|doctor
        !emergency services|calls
        !only way [i|she|he|we|they|to|for] [him|her|me|them] [can|to] communicate|call|speak|talk|reach|work|contact|ring
        !only means of
        !to breathe
        !baby monitor|formula|milk|s
        !newborn|premature
        !needs|need it ~ school|homework|lessons|exams
        !livelihood
        !my job|income|business|wages depends|rely|relies
        !lose|losing my job|income|clients|business|wages
        !can|cannot t|not work without|until
        !can t [do] [any] [my] work|earn without|anything|a
        !can t earn
        !my only|sole [source] [of] income
        !carer for
        !i m a carer
        !care home
        !suicidal
    """,
    "delighted": """
        perfect|excellent|awesome|brilliant|fantastic|amazing|wonderful|superb|outstanding|fabulous|lovely|stellar
        great service|job|support|help|work|stuff|thanks|product|phone|news
        !works great|perfectly
        happy|pleased|delighted|thrilled|impressed|satisfied|grateful|chuffed
        !love|loving it|this|the|my|your|these
        !well done
        helpful
        !keep up the
        !highly recommend
        !made my day
        !you re the best
        !hats off
        !five stars
    """,
    "polite": """
        !thanks|thank|cheers|cool|nice|great
        !have a good|nice
    """,
}
