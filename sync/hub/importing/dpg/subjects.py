"""What apps of the register are about: its words for a thing, and what people say who look for one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Final


@dataclass(frozen=True)
class Subject:
    """Something that apps are about.

    `means` is a pattern of the register's words for it, `said` are the words that people type, `about` completes
    *A tool for ...*; `theme` is the shelf for it. What people type who need somebody, such as `doctor` or `benefits`,
    is not among them: software for a hospital would stand before the help next door.
    """

    about: str
    means: str
    said: tuple[str, ...]
    theme: str
    standards: str = ""
    """Standards that only things about it keep to."""

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """What a text about it has in it."""
        return re.compile(rf"\b(?:{self.means})\b", re.IGNORECASE)


SUBJECTS: Final = (
    Subject(
        "health records",
        r"(?:medical|health|patient|hospital)s? records?|EHR|EMR",
        ("health records", "medical records", "patients", "clinic", "hospital"),
        "security",
    ),
    Subject(
        "hospitals and clinics",
        r"hospitals?|clinics?|health (?:cent(?:er|re)s?|facilit(?:y|ies)|services)|healthsites|telemedicine|"
        r"tele-triage",
        ("clinic", "hospital", "healthcare"),
        "security",
    ),
    Subject(
        "vaccines",
        r"vaccin\w+|immuni[sz]ations?",
        ("vaccine", "vaccination"),
        "security",
    ),
    Subject(
        "health workers",
        r"health[- ]?workers?|community health|frontline workers?|case management",
        ("health worker", "community health"),
        "security",
    ),
    Subject(
        "pregnancy and babies",
        r"pregnan\w+|maternal|newborns?|childbirth|antenatal|infants?|human milk",
        ("pregnancy", "baby", "mother"),
        "security",
    ),
    Subject(
        "births, deaths and marriages",
        r"civil registration|birth registration",
        ("births and deaths", "birth records"),
        "community",
    ),
    Subject(
        "mental health",
        r"mental health|psycholog\w+|cognitive|survivors of abuse",
        ("mental health", "wellbeing"),
        "security",
    ),
    Subject(
        "stopping abuse and bullying",
        r"abus\w+|bull(?:y|ying|ied)|cyberbullying|harassment of",
        ("abuse", "bullying", "staying safe online"),
        "security",
    ),
    Subject(
        "talking with pictures",
        r"AAC|speech and language impairments?|augmentative communication|pictograms",
        ("speech", "talk with pictures", "autism", "disability"),
        "security",
    ),
    Subject(
        "people with a disability",
        r"disabilit(?:y|ies)|disabled|(?<!open )(?<!web )(?:accessible|accessibility) (?!way|to|guideline|"
        r"standard|stud)\w+|impairments?",
        ("disability", "access"),
        "community",
    ),
    Subject(
        "farm animals",
        r"livestock|animal diseases?",
        ("farm animals", "cattle"),
        "food",
    ),
    Subject(
        "farming and crops",
        r"farm\w*|crops?|agricultur\w+|agri|plant protection",
        ("farming", "crops", "growing food"),
        "food",
    ),
    Subject(
        "outbreaks of illness",
        r"dengue|malaria|epidemics?|outbreaks?",
        ("outbreak", "disease"),
        "security",
    ),
    Subject("Covid", r"covid(?:-?19)?|coronavirus", ("covid", "illness"), "security"),
    Subject(
        "medicines and supplies",
        r"supply chains?|product catalogs?|medicines? (?:safety|stock)|pharmaco\w+|pharmaceutical",
        ("stock", "supplies"),
        "security",
    ),
    Subject("eating well", r"(?:mal)?nutrition\w*|nutri food", ("nutrition", "healthy food", "eating well"), "food"),
    Subject(
        "learning to read",
        r"e-?reading|e-?readers?|literacy skills|stor(?:y|ies|ybooks?)|books?",
        ("learn to read", "reading", "children's books", "stories"),
        "skills",
    ),
    Subject(
        "learning to code",
        r"web development program\w*|learn(?:ing)? to code",
        ("learn to code", "coding", "programming", "course"),
        "skills",
    ),
    Subject(
        "schools and lessons",
        r"school\w*|education\w*|(?<!machine )(?<!deep )learning|learners?|students?(?! of)|teach\w*|syllabus|"
        r"curricul\w+"
        r"|LMS|student assessments?|results of assessments",
        ("school", "lessons", "learning", "teacher"),
        "skills",
        "SCORM|xAPI|IEEE Learning",
    ),
    Subject("weather", r"weather|meteorolog\w+", ("weather", "forecast"), "food"),
    Subject(
        "using less energy and carbon",
        r"carbon(?!-free)|emissions",
        ("carbon footprint", "climate change"),
        "security",
    ),
    Subject("the climate", r"climate", ("climate", "climate change"), "security"),
    Subject(
        "floods, storms and other disasters",
        r"hazards?|disasters?|floods?|emergenc(?:y|ies)",
        ("floods", "storms", "disaster"),
        "security",
    ),
    Subject(
        "buying and selling",
        r"(?<!developing )markets?|market ?place|buyers?|e-?commerce|sell\w*|prices",
        ("sell", "online shop", "market", "prices"),
        "skills",
    ),
    Subject(
        "giving things away",
        r"(?:distribute|store) aid|free shop|donat(?:e|ions?)|diapers?",
        ("free shop", "donations", "give things away"),
        "community",
    ),
    Subject(
        "maps",
        r"(?<!to )(?<!site)maps?|mapping|openstreetmap|geospatial|land cover|water source location",
        ("maps", "mapping"),
        "transport",
        "GeoJSON|Web Map Service|GeoTIFF?",
    ),
    Subject(
        "pictures from space",
        r"satellites?|remote(?:ly)? sens\w+|sentinel-2",
        ("satellite pictures", "maps"),
        "transport",
    ),
    Subject("drones", r"drones?|UAV|unmanned aerial|airships?", ("drones", "pictures from the air"), "transport"),
    Subject(
        "making electricity",
        r"energy|wind turbines?|public utilit(?:y|ies)|electricity",
        ("energy", "electricity", "wind power"),
        "shelter",
    ),
    Subject(
        "rivers and clean water",
        r"water|hydromet\w+|hydrolog\w+|rivers?|sanitation",
        ("water", "clean water", "rivers"),
        "shelter",
    ),
    Subject(
        "basic incomes and benefits",
        r"basic income|cash transfers?|direct-cash|social protection|poverty|assistance programs?",
        ("basic income", "cash help"),
        "community",
    ),
    Subject(
        "sending money and saving",
        r"payments?|financial|bank(?:ing|s)?|underbanked|savings?|loans?|crypto\w*|wallet|(?<!\()pay|micro-?finance",
        ("money transfer", "payments", "savings"),
        "community",
    ),
    Subject(
        "trading without money",
        r"mutual credit|without using money|time ?bank\w*",
        ("trading without money", "exchange"),
        "community",
    ),
    Subject(
        "taxes and benefits",
        r"tax(?:es)?|benefit systems?",
        ("tax", "tax rules", "benefit rules"),
        "community",
    ),
    Subject(
        "showing how public money is spent",
        r"budgets?|fiscal|procurement|contracting",
        ("public money", "council spending", "budget"),
        "community",
    ),
    Subject(
        "having your say",
        r"vot(?:e|es|ing|ers?)|elections?|community participation|participatory budget\w*",
        ("have your say", "voting", "election"),
        "community",
    ),
    Subject(
        "telling true news from false",
        r"misinformation|disinformation|fact-?check\w*|false (?:news|stor\w+)|fake news",
        ("fake news", "fact check", "election"),
        "security",
    ),
    Subject(
        "rights and justice",
        r"human rights|international law|legal|justice|whistle-?blow\w*",
        ("human rights", "law"),
        "security",
    ),
    Subject(
        "government services",
        r"government bodies|public agenc(?:y|ies)|public organi[sz]ations|public sector",
        ("government", "public services"),
        "community",
    ),
    Subject("certificates", r"credential\w*|attestation|certificates", ("certificate", "proof"), "skills"),
    Subject(
        "translation",
        r"translators?|translations?|interpreters|world's languages",
        ("translate", "translation", "languages"),
        "community",
    ),
    Subject(
        "voices", r"common voice|voices|voice (?:data|clips|recordings)", ("voice", "speech", "languages"), "skills"
    ),
    Subject(
        "phone calls and messages",
        r"whatsapp|sms|messag\w+|voice response|two way communication",
        ("messages", "texts", "phone calls", "chat"),
        "community",
    ),
    Subject(
        "surveys and forms",
        r"surveys?|data collection|questionnaires?|forms",
        ("survey", "questionnaire"),
        "community",
    ),
    Subject(
        "volunteering", r"volunteers? to|volunteering|youth volunteers", ("volunteering", "volunteer"), "community"
    ),
    Subject(
        "wild animals and nature",
        r"wildlife|species|biodivers\w+|forest\w*|open foris|camera trap",
        ("wildlife", "nature", "animals"),
        "food",
    ),
    Subject(
        "towns and neighbourhoods",
        r"neighbou?rhoods?|planning decisions|cities|urban",
        ("neighbourhood", "town planning"),
        "community",
    ),
    Subject("women and girls", r"women|girls|gender and|gender equality", ("women", "girls"), "community"),
    Subject(
        "facts and figures",
        r"(?<!usage )(?<!aggregate )statistics?|statistical|research and data",
        ("statistics", "figures", "facts"),
        "skills",
    ),
    Subject(
        "running a computer",
        r"linux",
        ("linux", "operating system"),
        "skills",
    ),
    Subject("virtual reality", r"virtual reality|extended reality|XR|VR", ("virtual reality",), "skills"),
    Subject(
        "health",
        r"health(?! states)|healthcare|patients?|medical",
        ("health", "healthcare"),
        "security",
        "FHIR|HL7|SNOMED|ISO 13131",
    ),
    Subject(
        "people who make software",
        r"API|SDK|add-on|middleware|interoperability|microservices|source code|building open source|"
        r"platform independence",
        ("programming", "software"),
        "skills",
    ),
)
"""The special before the general: an app's first subjects are what it is said to be about."""
