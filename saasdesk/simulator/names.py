# ruff: noqa: E501, RUF001 - names in many scripts are what this module is for, and wide ones count double
"""The names of the invented company's people, with how each is written in an e-mail address."""

import unicodedata
from dataclasses import dataclass

# Letters that Unicode does not take apart into a plain letter and a mark.
_PLAIN = str.maketrans(
    {"ł": "l", "ø": "o", "æ": "ae", "œ": "oe", "ß": "ss", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ə": "e", "ŋ": "n"}
)


@dataclass(frozen=True, slots=True)
class Name:
    """One name as it is written, and in plain letters."""

    written: str
    plain: str


@dataclass(frozen=True, slots=True)
class NameGroup:
    """Names that go together: how they are joined, where the people live, how many of 65 people have such names."""

    pattern: str
    zones: tuple[str, ...]
    share: int
    givens: tuple[Name, ...]
    families: tuple[Name, ...]


def plain_letters(text: str) -> str:
    """The letters of a Latin name without marks, in lower case, as an e-mail address has them."""
    taken_apart = unicodedata.normalize("NFKD", text.lower().translate(_PLAIN))
    return "".join(letter for letter in taken_apart if "a" <= letter <= "z")


def _names(text: str) -> tuple[Name, ...]:
    """Names separated by blanks; `written=plain` where plain letters cannot be derived; `_` stands for a blank."""
    names = []
    for word in text.split():
        written, _, plain = word.partition("=")
        written = written.replace("_", " ")
        names.append(Name(written, plain or plain_letters(written)))
    return tuple(names)


def _group(pattern: str, zones: str, share: int, givens: str, families: str) -> NameGroup:
    return NameGroup(pattern, tuple(zones.split()), share, _names(givens), _names(families))


_GIVEN_FIRST = "{given} {family}"
_FAMILY_FIRST = "{family} {given}"
_TOGETHER = "{family}{given}"

NAME_GROUPS = (
    _group(
        _GIVEN_FIRST,
        "Europe/Dublin Europe/London America/New_York America/Chicago America/Los_Angeles Australia/Sydney",
        13,
        "Aoife Callum Deirdre Emma Finn Grace Harry Isla Jack Kate Liam Maeve Noah Olivia Patrick Quinn Rory Siobhán "
        "Seán Tess Una Victor Wendy Zara Róisín Oisín Caoimhe Jean-Luc Mary-Ann",
        "O'Brien O'Connor MacDonald Fitzgerald Byrne Walsh Doyle Kennedy Murphy Whitaker Ashford Bennett Carver "
        "Donnelly Ellison Farrow Gallagher Hargreaves Ingram Jefferson Kirkpatrick Lockwood Merriweather Nolan "
        "Ó_Súilleabháin Pemberton Quigley Radcliffe Smith-Jones Thornton Underwood Winslow",
    ),
    _group(
        _GIVEN_FIRST,
        "Europe/Madrid America/Mexico_City America/Bogota America/Lima America/Argentina/Buenos_Aires",
        6,
        "Ana Álvaro Beatriz Concepción Diego Elena Íñigo Joaquín José Lucía Martín Mónica Nuria Óscar Pilar Raúl Sofía "
        "Tomás Ximena Begoña",
        "Ruiz Núñez Peña García_Márquez Ibáñez Gutiérrez Muñoz Zúñiga Ordóñez Castaño Villaseñor Quiñones Bermúdez "
        "Cáceres Domínguez Echeverría Fernández González Hernández Jiménez Lozano Méndez Ochoa Paredes",
    ),
    _group(
        _GIVEN_FIRST,
        "America/Sao_Paulo Europe/Lisbon",
        4,
        "João Inês Conceição Gonçalo Luísa Mateus Antônia Sebastião Lourenço Simão Tatiana Vitória Zélia Fábio",
        "Araújo Gonçalves Simões Brandão Guimarães Magalhães Falcão Leitão Assunção Patrício Conceição Damião Évora "
        "Figueirêdo Galvão Holanda Lourenço Moreira Nóbrega Queirós",
    ),
    _group(
        _GIVEN_FIRST,
        "Europe/Berlin Europe/Vienna Europe/Zurich",
        5,
        "Jürgen=juergen Zoë=zoe Günther=guenther Björn=bjoern Käthe=kaethe Lukas Mareike Sören=soeren Uwe Anneliese "
        "Friedrich Heike Ingrid Konrad Lieselotte Matthias Norbert Ottilie",
        "Müller=mueller Schäfer=schaefer Groß=gross Weiß=weiss Köhler=koehler Böhm=boehm Krüger=krueger Vogt "
        "von_der_Heydt Zimmermann Strauß=strauss Lüdtke=luedtke Jäger=jaeger Pfeiffer Schönherr=schoenherr Übelacker=uebelacker "
        "Straßburger=strassburger Brückner=brueckner Förster=foerster Eichendorff",
    ),
    _group(
        _GIVEN_FIRST,
        "Europe/Paris Europe/Brussels America/Toronto",
        4,
        "Chloé Loïc Anaïs Benoît Cédric Éloïse François Gaëlle Hélène Jérôme Maëlys Noël Océane Théo Yaëlle Zacharie",
        "Lefèvre Dupré Bélanger Côté Desjardins d'Aubigné Étienne Faÿ Garçon Hébert L'Écuyer Maréchal Néron "
        "Prud'homme Québec Rivière Saint-Exupère Thévenet Beauséjour Châtelain",
    ),
    _group(
        _GIVEN_FIRST,
        "Europe/Warsaw",
        3,
        "Łukasz Małgorzata Grażyna Zbigniew Święta Bożena Jędrzej Kazimierz Michał Paweł Róża Żaneta",
        "Wójcik Zając Wróbel Kaczmarek Dąbek Gołąb Kołodziej Łopata Mróz Niedźwiedź Pająk Stępień Śliwa Żuk Źrebiec",
    ),
    _group(
        _GIVEN_FIRST,
        "Europe/Prague Europe/Bratislava",
        2,
        "Jiří Tomáš Zdeněk Ondřej Šimon Věra Růžena Žofie Ľudmila Bohumil Čeněk Dušan",
        "Krejčí Jirků Martinů Petrů Dolejší Hořejší Kočí Janků Pavlů Tichý Bezděčí Šerých",
    ),
    _group(
        _GIVEN_FIRST,
        "Europe/Stockholm Europe/Oslo Europe/Copenhagen Europe/Helsinki Atlantic/Reykjavik",
        4,
        "Åsa Søren Øyvind Märta Ægir Ólöf Þóra Guðrún Hördur Päivi Jyrki Väinö Sölvi Håkon",
        "Ångström Østergård Sjöberg Lindqvist Bjørnstad Hämäläinen Mäkinen Nygård Pöysti Rønning Sæther "
        "Thorbjørnsen Väisänen Wikström Åkerlund Gyllenhök Kjærgaard Blöndal",
    ),
    _group(
        _GIVEN_FIRST,
        "Europe/Istanbul Asia/Baku",
        2,
        "Çağla İbrahim Şule Ömer Gülşen Barış Işıl Uğur Yağmur Özlem",
        "Yıldız Çelik Öztürk Şahin Güneş Kılıç Doğan Aydın Köse Ağaoğlu Əliyev Məmmədov",
    ),
    _group(
        _FAMILY_FIRST,
        "Asia/Ho_Chi_Minh Asia/Bangkok",
        2,
        "Anh_Dũng Bảo_Ngọc Cẩm_Tú Đức_Huy Hải_Yến Kiều_Oanh Minh_Châu Quốc_Việt Thanh_Thảo Xuân_Mai",
        "Nguyễn Trần Phạm Huỳnh Hoàng Võ Đặng Bùi Đỗ Hồ Ngô Dương",
    ),
    _group(
        _FAMILY_FIRST,
        "Europe/Budapest",
        1,
        "Ágnes Béla Csilla Dezső Ernő Győző Jenő Kálmán Lőrinc Zsófia",
        "Szőke Kovács Tóth Győri Horváth Erdős Csákány Vörös Bődi Hajdú",
    ),
    _group(
        _GIVEN_FIRST,
        "Africa/Lagos Africa/Accra",
        2,
        "Adébáyọ̀ Ngọzi Chiọma Fọláṣadé Kwaku Ọlámidé Ìfẹ́olúwa Yétúndé Uchenna Zainab",
        "Adéyẹmí Ọkọnkwọ Ògúnbọ̀wálé Mensah Boateng Ẹkwueme Àjàyí Ṣóyínká Nwosu Ọlátúnjí",
    ),
    _group(
        _GIVEN_FIRST,
        "Europe/Kyiv",
        2,
        "Оксана=oksana Тарас=taras Юлія=yuliia Андрій=andrii Світлана=svitlana Богдан=bohdan Соломія=solomiia "
        "Ілля=illia Любов=liubov Євген=yevhen",
        "Коваленко=kovalenko Шевченко=shevchenko Бондаренко=bondarenko Ткачук=tkachuk Гнатюк=hnatiuk Мельник=melnyk "
        "Сидоренко=sydorenko Кравець=kravets Яценюк=yatseniuk Щербань=shcherban Ґудзь=gudz Їжак=yizhak",
    ),
    _group(
        _GIVEN_FIRST,
        "Europe/Belgrade Asia/Almaty Asia/Tbilisi",
        2,
        "Сергей=sergei Ђорђе=djordje Нурлан=nurlan Фёдор=fedor Любомир=ljubomir Ермек=yermek Лазар=lazar Арсений=arseny",
        "Соловьёв=solovyov Ђуровић=djurovic Ахметов=akhmetov Журавлёв=zhuravlyov Живковић=zivkovic Щукин=shchukin "
        "Касымов=kasymov Љубић=ljubic",
    ),
    _group(
        _GIVEN_FIRST,
        "Europe/Athens Asia/Nicosia",
        2,
        "Γιώργος=giorgos Δημήτρης=dimitris Νίκος=nikos Αλέξανδρος=alexandros Θεόδωρος=theodoros Ιάσων=iason "
        "Κώστας=kostas Οδυσσέας=odysseas Στέλιος=stelios Χρήστος=christos",
        "Παπαδόπουλος=papadopoulos Οικονόμου=oikonomou Νικολαΐδης=nikolaidis Βασιλείου=vasileiou Γεωργίου=georgiou "
        "Ξενάκης=xenakis Ψαράς=psaras Καραγιάννης=karagiannis Λαμπρόπουλος=lampropoulos Τσίπας=tsipas",
    ),
    _group(
        _GIVEN_FIRST,
        "Asia/Dubai Africa/Cairo Asia/Riyadh",
        2,
        "فاطمة=fatima محمد=mohammed ليلى=layla يوسف=yousef عائشة=aisha خالد=khaled نور=nour عمر=omar سلمى=salma طارق=tariq",
        "الحسيني=alhusseini المصري=almasri حداد=haddad الخطيب=alkhatib نجار=najjar العلي=alali الزهراني=alzahrani "
        "منصور=mansour بن_سالم=binsalem قاسم=qasim",
    ),
    _group(
        _GIVEN_FIRST,
        "Asia/Jerusalem",
        1,
        "נועה=noa יעל=yael דוד=david אורי=uri תמר=tamar איתן=eitan שירה=shira משה=moshe",
        "כהן=cohen לוי=levi מזרחי=mizrahi פרץ=peretz ביטון=biton בן_דוד=bendavid אברהמי=avrahami שפירא=shapira",
    ),
    _group(
        _GIVEN_FIRST,
        "Asia/Kolkata Asia/Kathmandu",
        2,
        "प्रिया=priya अर्जुन=arjun लक्ष्मी=lakshmi कृष्ण=krishna अनन्या=ananya विक्रम=vikram श्रुति=shruti हर्ष=harsh मीनाक्षी=meenakshi राजेश=rajesh",
        "शर्मा=sharma पटेल=patel सिंह=singh गुप्ता=gupta श्रेष्ठ=shrestha त्रिपाठी=tripathi जोशी=joshi कुलकर्णी=kulkarni मिश्रा=mishra अग्रवाल=agrawal",
    ),
    _group(
        _GIVEN_FIRST,
        "Asia/Bangkok",
        1,
        "สมชาย=somchai กนกวรรณ=kanokwan ณัฐพล=natthapon พิมพ์ใจ=phimchai วิไลวรรณ=wilaiwan ธนากร=thanakon สุดารัตน์=sudarat ปิยะ=piya",
        "ศรีสุข=srisuk ทองดี=thongdi แก้วมณี=kaewmani รัตนกุล=rattanakun บุญเรือง=bunrueang จันทร์เพ็ญ=chanphen สุวรรณ=suwan วงศ์ใหญ่=wongyai",
    ),
    _group(
        _TOGETHER,
        "Asia/Shanghai Asia/Singapore Asia/Taipei",
        2,
        "伟=wei 秀英=xiuying 娜=na 建国=jianguo 雨桐=yutong 子轩=zixuan 芳=fang 志明=zhiming 梓涵=zihan 淑芬=shufen 磊=lei 思远=siyuan",
        "王=wang 李=li 张=zhang 刘=liu 陈=chen 欧阳=ouyang 赵=zhao 黄=huang 司马=sima 周=zhou 吴=wu 徐=xu",
    ),
    _group(
        _FAMILY_FIRST,
        "Asia/Tokyo",
        2,
        "花子=hanako 翔太=shota 美咲=misaki 健一=kenichi さくら=sakura 大輔=daisuke 陽菜=hina 悠斗=yuto ひかり=hikari 直樹=naoki",
        "佐藤=sato 鈴木=suzuki 高橋=takahashi 田中=tanaka 渡邊=watanabe 髙田=takada 小林=kobayashi 斎藤=saito 五十嵐=igarashi 山﨑=yamazaki",
    ),
    _group(
        _TOGETHER,
        "Asia/Seoul",
        1,
        "민준=minjun 서연=seoyeon 지훈=jihun 수빈=subin 예은=yeeun 현우=hyeonu 하윤=hayun 도현=dohyeon",
        "김=kim 이=yi 박=park 최=choi 정=jeong 강=kang 남궁=namgung 황보=hwangbo",
    ),
)
