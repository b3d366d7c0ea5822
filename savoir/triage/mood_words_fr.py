"""French words of mood. A line is a phrase: `a|b` is one word or the other, `[a]` perhaps a, `~` up to three words of any kind.

All small, without accents, apostrophes and hyphens as blanks. A phrase is turned round by a negation before it, unless it begins with `!`.
"""

NEGATIONS = "pas ni sans aucun aucune aucunement nullement"
STRONG = "tres vraiment tellement extremement completement totalement particulierement hyper trop profondement franchement plus"

SWEARWORDS = {
    "swearing": "merde putain ptn bordel chier chiant chiante chiants connerie conneries saloperie saloperies merdique merdiques foutre",
    "insult": "connard connards connasse encule encules enculer salaud salauds salope abruti abrutis fdp ntm niquez branleurs branleur batards batard",
}

PHRASES = {
    "furious": """
        inadmissible|inadmissibles|inacceptable|inacceptables|intolerable|intolerables|scandaleux|scandaleuse|lamentable|lamentables
        deplorable|deplorables|minable|minables|pitoyable|pitoyables|affligeant|affligeante|honteux|honteuse|inqualifiable|ignoble
        un|quel|quelle|une|vrai|veritable scandale|honte
        !avez pas honte
        !n avez [donc] pas honte
        !vous devriez avoir honte
        !jamais vu ca
        !ras|raz le bol
        !ras la casquette|tasse
        !marre
        !y en a assez
        !j en ai ~ claque
        !trop c est trop
        !goutte d eau
        furieux|furieuse|excede|excedee|exaspere|exasperee|ulcere|ulceree|outre|outree|revolte|revoltee|indigne|indignee|scandalise|scandalisee|enrage
        !hors de moi
        en colere
        !la moutarde me monte
        !a bout de nerfs
        !vous me gonflez
        !me prenez|prends|prend pour
        !nous prenez|prend pour
        !prenez|prend les gens|clients pour
        !vous vous moquez|foutez|fichez|fiche|foutre
        !vous moquez|foutez de
        !se moque|fout|fiche de|du moi|nous|client|clients|monde
        !te moques|fous de
        !on se moque|fout|fiche de
        !foutage de gueule
        !c est [du|vraiment|du|grand] [grand] n importe quoi
        !c est du vol
        !du vol pur
        !pur|veritable vol
        !c est de l arnaque
        !quelle|belle|pure|vraie arnaque
        !vous|tu m avez|as arnaque|arnaquee|vole|volee|escroque
        !me suis fait arnaquer|avoir|voler|entuber par
        !porter|porterai|porte plainte contre vous
        !vais|veux|compte|allons porter|deposer plainte
        !deposer|depose [une] plainte contre vous
        !alerter|alerterai|saisir|saisirai|saisis|contacter|contacterai|contacte|signaler|signalerai ~ dgccrf|ufc|mediateur|avocat|avocats|justice|tribunal|presse
        !mon avocat vous|va|prendra|se chargera
        !vous|nous verrons|verra|retrouverons|mettre|mets ~ tribunal|demeure
        !mise en demeure
        !au tribunal
        !plus jamais ~ chez vous
        !plus jamais [je] [n] [ne] [acheterai] [rien] ici
        !n acheterai plus [jamais] [rien] ici|rien
        !je n achete plus ~ rien|chez
        !derniere fois que j|je achete|commande|viens
        !vous avez perdu un|une client|cliente
        !vous me perdez
        !fuir ~ marque
        !a fuir
        !vous etes nuls|nul|nulle|nulles|incompetents|incompetent|lamentables|incapables
        !bande d|de incompetents|incapables|nuls
        !service|support|sav|assistance ~ nul|nulle|pourri|pourrie|catastrophique|deplorable|zero|inexistant|desastreux|horrible|affreux
        !d une incompetence|nullite
        !quelle incompetence|nullite|honte
        !c est [vraiment|completement] nul
        !incompetence
        catastrophique
        !est une blague
        !est ce une blague
        !vous rigolez
        !vous plaisantez
        !foutus [de] de ma gueule
        !c est [quand|tout] [meme] [de] la|du camelote|foutoir|cirque
        !camelote|daube
        !poubelle votre
        !remboursez moi immediatement|maintenant
        !j exige un|une|le|la|d|que|des|mon
        !zero|aucun professionnalisme|serieux|respect
        !vous etes vraiment|tous [d|de|des] incapables|incapable|nuls
        !vs etes [vraiment] [d|des] incapables|nuls|voleurs
        !recu|recue|traite|traitee|traites comme un|une|des|du chien|moins|malpropre|chiens|merde
        !dgccrf|60|ufc ~ va|vont|sera|seront|entendre|entendra|courant
        !60 millions [de] [consommateurs] va|vont|sera|seront
        !pire|pires sav|service|entreprise|marque|experience|enseigne|magasin|boutique
        !sale|mauvaise pub|publicite
        !voila comment vous
        !bravo la fidelite
        !personne [ne] tient|assume
        !grossier|grossiere|irrespectueux|irrespectueuse|meprisant|meprisante|odieux|odieuse
        !sont|est|etait une insulte
        !aussi mal servi|servie|traite|traitee|recu|recue
        !vous etes pas serieux
        !pas serieux
        !pratiques|methodes|delais|comportement douteuses|indecents|scandaleux|honteuses|honteux
        !perdu patience
        !ma patience a
        !plus patient
        !pas acceptable|tolerable|admissible|serieux|professionnel|possible|normal de votre
        !pas du tout content|contente|satisfait|satisfaite|professionnel|serieux|normal
        !pas content|contente|contant|satisfait|satisfaite du tout
        !tout sauf professionnel|serieux
        !abuse|abusez
        !manque [total|flagrant] de respect|serieux|professionnalisme
    """,
    "annoyed": """
        mecontent|mecontente|decu|decue|insatisfait|insatisfaite|enerve|enervee|agace|agacee|fache|fachee|irrite|irritee
        remonte|remontee contre
        enervant|enervante|agacant|agacante|penible|lassant
        !deception
        !pas normal
        !toujours|encore aucune|pas|sans [de|eu|une] [la] [moindre] reponse|nouvelles|nouvelle|solution
        !aucune [nouvelle] reponse|nouvelle|nouvelles de
        !personne [ne|n] [me|nous|a] repond|rappelle|reponde|rappele|repondu
        !ne repondez [meme] [jamais|pas]
        !jamais [de|eu|recu] [de] reponse
        !fois que je|j vous|ecris|appelle|ai|relance|contacte|explique|demande
        !ca fait ~ semaines|mois|fois que
        !depuis ~ semaines|mois ~ attends|attend|attendons|relance
        !j attends depuis
        !j attends toujours
        !balade|baladez|balader de
        !baladez|balader|balade
        !renvoie la balle
        !tourne|tourner en rond
        !perdre|perds|perdu|perte ~ temps
        !bravo [pour] la reactivite|serieux|l
        !merci [bien] pour rien
        !ca commence a
        !serieusement|serieux
        !inutile votre
        !vous servez|sert a rien
        !service nul
        !honnetement decevant
        decevant|decevante
        !regrette [mon|cet] achat
        !pourri|pourrie|pourris
        !nul a chier
        !nuls|nulle
        !c est la troisieme|quatrieme|cinquieme|enieme
        !enieme fois
        !combien de temps encore
        !quand [est] [ce] que vous allez enfin
        !vous allez [enfin] [me] repondre
        !repondez
        !promis
        !promesses
        !mensonge|mensonges|mentez|menteurs|menti
        !ridicule
        !j hallucine
        !n importe quoi
        !ca suffit
        !j en ai assez
        !mecontentement
        !me plains|plaindre
        !proteste|protester contre
        !une catastrophe
        !encore un|des mensonge|mensonges
        !trois|quatre|cinq informations|versions differentes
        !pas contant
        !hallucinant|aberrant|absurde|delirant
        !mauvaise foi
    """,
    "insult": """
        !vous etes [tous|vraiment|que|qu] des|une|un [bande|gros|grosse|vrais|sales] [de|d] voleurs|escrocs|menteurs|idiots|imbeciles|cons|clowns|guignols|charlots|nazes|cretins|debiles|incapables|tocards|minables|bouffons|arnaqueurs|rigolos|branques|ordures|raclures
        !bande|tas d|de [gros|sales] voleurs|escrocs|menteurs|idiots|imbeciles|cons|clowns|guignols|charlots|nazes|cretins|debiles|tocards|bouffons|arnaqueurs|rigolos|incapables|nuls
        !espece|especes d|de [sale|gros] [con|conne|cons|idiot|idiote|idiots|imbecile|cretin|debile|robot|machine|abruti|voleur|voleurs|escrocs]
        !arnaqueurs|escrocs que|vous
        !sale|pauvre|gros|grosse con|conne|type|naze|tache|robot|imbecile|cretin|debile|machine
        !tu es|es [vraiment|trop|completement] con|conne|debile|stupide|bete|nul|nulle|inutile|idiot|idiote|cretin|naze
        !t es [vraiment|trop|completement] [un|une] con|conne|debile|stupide|bete|nul|nulle|inutile|idiot|idiote|cretin|naze|abruti
        !vous etes [vraiment|trop|completement] [tous] cons|con|debile|debiles|stupide|stupides|betes|idiots|imbeciles|nazes|malhonnetes
        !robot|bot|assistant|machine|programme|chatbot de merde
        !robot|bot|assistant|chatbot [completement|vraiment] stupide|debile|idiot|abruti|con|bete|inutile
        !stupide|debile [de] robot|bot|machine|assistant
        !ta|vos|votre gueule
        !va|allez te|vous faire
        !casse toi
        !degage|degagez [d] ici|vite|imbecile|robot
        !ferme ta|la bouche|gueule|grande
        !cons|connard
        !pas foutus|foutu de
    """,
    "distress": """
        !n en peux|peut plus
        !j en peux plus
        desespere|desesperee|desespoir|paniquee|panique|angoissee|angoisse|affolee|bouleverse|bouleversee|effondre|effondree|terrifiee|terrifie
        !au bout du rouleau
        !je suis a bout
        !suis [vraiment|completement|totalement] a bout
        !ne sais plus quoi|comment faire
        !sais plus quoi faire|vers|a
        !ne sais plus a qui
        !au secours
        !a l aide
        !aidez moi s il vous plait [c|je] [est] [urgent|suis|n]
        !je vous en supplie|prie aidez
        !je vous supplie|implore
        !supplie|implore
        !en larmes
        !je|j|en pleure|pleurs|pleurer
        !ai pleure
        !envie de pleurer
        !fait pleurer
        !j ai [tres|vraiment|si|trop] peur
        !me fait peur
        !je|suis|sens completement|totalement perdu|perdue
        !en detresse
        !j en dors|dort plus
        !en finir
        !envie de mourir
        !je craque|sombre
        !stressee|stresse
        !catastrophe pour moi|nous
        !situation desespere|desesperee|critique
    """,
    "vulnerable": """
        handicape|handicapee|handicapes|malvoyant|malvoyante|malvoyants|malentendant|malentendante|malentendants|tetraplegique|paraplegique|hemiplegique
        situation de handicap
        !mon|son|un|lourd handicap
        !carte [mobilite] [d] [inclusion|invalidite]
        suis|sommes|etant aveugle|sourd|sourde|autiste|epileptique|diabetique|cardiaque|asthmatique|hospitalise|hospitalisee|alite|alitee|enceinte|dialyse|dialysee|invalide|malade|dependant|dependante
        !pension|carte|taux|reconnu|reconnue [d] invalidite|invalide
        personne|personnes|dame|monsieur agee|agees|aveugle|aveugles|sourde|sourdes|agé|dependante|dependantes
        !ma|mon mere|pere|femme|mari|fils|fille|frere|soeur|conjoint|conjointe|compagne|compagnon|bebe|enfant est|a|sont|ont [un|une|le|la] [tres|gravement|lourdement] cancer|malade|maladie|autisme|autiste|handicap|handicapee|handicape|tumeur|alzheimer|parkinson|trisomie|aveugle|sourd|sourde|epileptique|diabetique|cardiaque|asthmatique|hospitalise|hospitalisee|alite|alitee|enceinte|dialyse|dialysee|invalide|dependant|dependante|malentendant|malentendante|malvoyant|malvoyante
        !mere|pere|grand|tante|oncle|voisine|femme|dame|mari|mamie|papi de quatre|7|8|9|70|71|72|73|74|75|76|77|78|79|80|81|82|83|84|85|86|87|88|89|90|91|92|93|94|95|96|97|98|99
        !mere|pere agee|age
        !grand mere|pere [qui] [a] [vit|vivant|est] [seul|seule|hospitalise|hospitalisee|malade]
        !parents ages|agees
        !vit|vis|habite toute|tout seul|seule
        oxygene|dialyse|respirateur|insuline|glycemie|pacemaker|chimio|chimiotherapie|teleassistance|telealarme|glucometre|perfusion
        !apnee du sommeil
        !appareil|appareils auditif|auditifs|respiratoire|medical
        !fauteuil roulant
        !prothese|implant auditif|auditive|cochleaire
        !alzheimer|parkinson|sclerose|autisme|trisomie|epilepsie|cancer
        !sous traitement medical
        !suivi|surveillance|dispositif|appareil|suivre medical|medicale|cardiaque|sa glycemie|ma glycemie
        !appeler les|des secours|pompiers
        !appeler|joindre le samu|15|112|medecin|docteur
        !seul|unique moyen [de] [pour] [le] [la] communiquer|joindre|appeler|contact|contacter|travailler|parler
        !en depend|dependent|dependons
        !depend [entierement|completement|totalement] de|pour
        !ma vie|sante en depend
        !pour respirer|soigner|communiquer
        !ses|mes soins|medicaments|traitements
        !pour son|mon|le traitement
        !maladie|maladies chronique|chroniques|grave|orpheline|rare
        !a l hopital
        !bebe de
        !pour mon|notre|le bebe|nourrisson
        !nourrisson|prema|premature|prematuree|babyphone
        !mon|ma|mes|notre|nos fils|fille|enfant|enfants|petit|petite|petits en a|ont besoin ~ ecole|cours|devoirs|communiquer|college|lycee
        !mon|notre enfant|fils|fille autiste|handicape|handicapee|malade|asthmatique|diabetique|epileptique
        !gagne pain
        !perds|perdre|perd mon|son|notre emploi|travail|revenu|revenus|chiffre|job
        !je vis de
        !outil de travail
        !ne peux|puis plus travailler
        !peux plus travailler
        !empeche de travailler
        !source de revenu|revenus
        !rsa|smic
    """,
    "delighted": """
        genial|geniale|parfait|parfaite|excellent|excellente|formidable|impeccable|nickel|fantastique|extra|adorable|extraordinaire|exceptionnel|exceptionnelle|top
        super|tres bien|service|gentil|gentille|rapide|efficace|reactif|merci|content|contente|produit|telephone
        ravi|ravie|content|contente|satisfait|satisfaite|enchante|enchantee|heureux|heureuse|conquis|conquise
        bravo
        !chapeau
        efficace|efficaces|reactif|reactive|reactifs
        j adore
        !je recommande
        !rien a redire
        !vous etes les meilleurs
        !bon travail
        !beau travail
    """,
    "polite": """
        !merci|remercie|super|cool|sympa
        !bonne journee|soiree
    """,
}
