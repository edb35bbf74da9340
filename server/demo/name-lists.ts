import { words } from './text.ts'

/** Names of one origin, the way they stand in a Danish town's payroll today. */
export type NamePool = { weight: number; female: string[]; male: string[]; family: string[] }

const pool = (weight: number, female: string, male: string, family: string): NamePool => ({
  weight,
  female: words(female),
  male: words(male),
  family: words(family),
})

export const danishNames = pool(
  80,
  `Anne; Kirsten; Mette; Hanne; Anna; Helle; Susanne; Lene; Maria; Marianne; Inge; Karen; Lone; Bente; Camilla; Pia; Jette;
  Charlotte; Louise; Inger; Gitte; Tina; Ulla; Birgitte; Ida; Emma; Julie; Lis; Laura; Annette; Line; Christina; Sofie; Katrine;
  Heidi; Maja; Sara; Dorthe; Trine; Rikke; Signe; Cecilie; Freja; Mathilde; Caroline; Josefine; Astrid; Clara; Alberte; Ellen;
  Karla; Agnes; Frida; Bodil; Vibeke; Tove; Grethe; Malene; Stine; Ditte; Maiken; Sidsel; Åse; Bjørk; Solveig; Liv; Nanna; Asta;
  Rosa; Luna; Isabella; Lærke; Ane; Johanne; Majbritt; Britt; Sanne; Lotte; Merete; Anne-Mette; Anne Marie; Ann-Sofie; Else Marie;
  Rose-Marie; Eva; Kamilla; Michelle; Simone; Nadia; Sabrina; Pernille; Henriette; Connie; Conny; Jytte; Kaja; Gry; Sølvi`,
  `Peter; Michael; Lars; Jens; Thomas; Henrik; Søren; Christian; Martin; Jan; Morten; Niels; Anders; Hans; Jesper; Mads; Rasmus;
  Per; Jørgen; Kim; Ole; Kasper; Frederik; Claus; Erik; Mikkel; Poul; Emil; Tobias; Magnus; Oliver; William; Lucas; Noah; Oscar;
  Carl; Victor; Malthe; August; Alfred; Valdemar; Elias; Aksel; Arthur; Anton; Villads; Bjørn; Torben; Flemming; Kurt; Bent; Finn;
  Leif; Allan; Brian; Dennis; Steen; Carsten; Karsten; Uffe; Troels; Asger; Esben; Jeppe; Simon; Jonas; Jakob; Jacob; Daniel;
  Alexander; Sebastian; Mathias; Nikolaj; Nicolai; Philip; Kristian; Kristoffer; Bo; Ib; Åge; Øjvind; Gorm; Sten; Ulrik; Hans Christian;
  Jens Peter; Karl-Erik; Hans-Jørgen; Johan; Gustav; Storm; Nohr; Vagn; Preben; John; Tommy; Ronni; Patrick; Kenneth; René; André`,
  `Nielsen; Jensen; Hansen; Andersen; Pedersen; Christensen; Larsen; Sørensen; Rasmussen; Jørgensen; Petersen; Madsen; Kristensen;
  Olsen; Thomsen; Christiansen; Poulsen; Johansen; Møller; Mortensen; Knudsen; Jakobsen; Jacobsen; Mikkelsen; Frederiksen; Olesen;
  Laursen; Henriksen; Lund; Holm; Schmidt; Eriksen; Kristiansen; Clausen; Simonsen; Svendsen; Andreasen; Iversen; Østergaard;
  Jeppesen; Vestergaard; Nissen; Lauridsen; Jespersen; Mogensen; Jepsen; Frandsen; Kjær; Søndergaard; Jessen; Carlsen; Dahl;
  Christoffersen; Juhl; Bech; Bertelsen; Skov; Bruun; Bach; Lassen; Riis; Friis; Gregersen; Bang; Krogh; Krog; Steffensen; Winther;
  Ravn; Toft; Holst; Dam; Damgaard; Nørgaard; Kirkegaard; Overgaard; Bisgaard; Lindegaard; Brandt; Berg; Lind; Kruse; Klausen;
  Gram; Buch; Bak; Beck; Hald; Hjorth; Højgaard; Koch; Kofoed; Krarup; Lange; Laugesen; Leth; Malling; Munk; Mørch; Nygaard; Paulsen;
  Ploug; Quist; Rask; Rønne; Sandberg; Schou; Skaarup; Sloth; Smed; Sommer; Storm; Thorsen; Thygesen; Topp; Uldall; Villadsen; Vinther;
  Voss; Wolff; Worm; Ørsted; Øster; Åkjær; Aagaard; Ågård; Balslev; Birk; Bjerregaard; Bonde; Brøndum; Bundgaard; Dalgaard; Ebbesen;
  Enevoldsen; Fisker; Gade; Graversen; Hedegaard; Hvid; Husted; Ipsen; Juul; Kragh; Kronborg; Mikkelsen; Nymann; Pilgaard; Rosendahl`,
)

export const otherNames: NamePool[] = [
  pool(
    4,
    'Ayşe; Fatma; Emine; Zeynep; Elif; Hatice; Merve; Esra; Sibel; Gülay',
    'Mehmet; Mustafa; Ali; Ahmet; Hüseyin; İbrahim; Murat; Emre; Yusuf; Orhan',
    'Yılmaz; Kaya; Demir; Çelik; Şahin; Yıldız; Öztürk; Aydın; Arslan; Doğan',
  ),
  pool(
    3,
    'Fatima; Amina; Layla; Mariam; Noor; Huda; Zahra; Rania; Yasmin; Salma',
    'Mohammed; Ahmad; Omar; Hassan; Khaled; Ibrahim; Samir; Bilal; Karim; Tarek',
    'El-Sayed; Hussein; Al-Khatib; Abbas; Mansour; Saleh; Khalil; Haddad; Nasser; Abu Laban',
  ),
  pool(
    3,
    'Ayesha; Saima; Nazia; Hina; Sadia; Rabia; Iqra; Samina',
    'Imran; Asif; Usman; Bilal; Tariq; Naveed; Waqas; Shahid',
    'Khan; Ahmed; Malik; Hussain; Iqbal; Butt; Chaudhry; Mahmood; Akhtar; Mirza',
  ),
  pool(
    3,
    'Agnieszka; Katarzyna; Małgorzata; Joanna; Magdalena; Ewa; Aleksandra; Beata',
    'Piotr; Krzysztof; Tomasz; Paweł; Marcin; Łukasz; Grzegorz; Michał',
    'Kowalska; Nowak; Wiśniewska; Wójcik; Kamińska; Zielińska; Szymańska; Dąbrowska',
  ),
  pool(
    2,
    'Hodan; Ifrah; Sagal; Asha; Hibo',
    'Abdi; Mahad; Liban; Warsame; Guled',
    'Abdullahi; Farah; Warsame; Jama; Hersi; Nur',
  ),
  pool(
    2,
    'Amra; Lejla; Mirela; Jasmina; Selma; Dženana',
    'Emir; Adnan; Nermin; Elvir; Haris; Mirza',
    'Hodžić; Hadžić; Begić; Delić; Kovačević; Suljić',
  ),
  pool(1, 'Linh; Thu; Mai; Lan; Hoa', 'Minh; Tuan; Duc; Hung; Quang', 'Nguyen; Tran; Le; Pham; Hoang; Vo'),
  pool(
    1,
    'Priya; Kavitha; Shanthi; Nirmala',
    'Suresh; Ramesh; Kumaran; Arun',
    'Sivakumar; Rajaratnam; Kandiah; Nadarajah',
  ),
  pool(
    1,
    'Olena; Oksana; Iryna; Svitlana; Nataliia',
    'Andrii; Oleksandr; Serhii; Dmytro',
    'Shevchenko; Kovalenko; Bondarenko; Tkachenko',
  ),
  pool(1, 'Elena; Ioana; Mihaela; Andreea', 'Andrei; Ion; Florin; Gheorghe', 'Popescu; Ionescu; Dumitru; Stan'),
  pool(
    1,
    'Shirin; Leila; Parisa; Nasrin; Maryam',
    'Reza; Amir; Behrouz; Dariush; Ali',
    'Hosseini; Rahimi; Karimi; Ahmadi; Ebrahimi',
  ),
  pool(1, 'Rojda; Berfin; Hêvî; Dilan', 'Azad; Rêbîn; Serdar; Baran', 'Öcal; Barzani; Aziz; Salih; Rasul'),
  pool(
    1,
    'Aviaja; Ivalu; Paarma; Naja',
    'Malik; Aqqaluk; Inuk; Minik',
    'Kleist; Heilmann; Lynge; Petrussen; Motzfeldt',
  ),
  pool(1, 'Rannvá; Marjun; Turið; Guðrun', 'Jógvan; Høgni; Bárður; Tróndur', 'Joensen; Djurhuus; Patursson; á Rogvi'),
  pool(
    1,
    'Sabine; Heike; Claudia; Ulrike',
    'Jürgen; Stefan; Wolfgang; Matthias',
    'Müller; Schröder; Schäfer; Weiß; Köhler',
  ),
  pool(
    1,
    'Maria José; Carmen; Inês; Chiara',
    'José; Miguel; João; Giovanni',
    'García López; Fernandes; da Silva; Rossi; O’Connor',
  ),
]
