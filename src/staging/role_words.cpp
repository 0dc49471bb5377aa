// SPDX-License-Identifier: MIT
#include "staging/role_words.h"

#include <array>

namespace gainstage {
namespace {

// Ambiguous short forms carry a lower confidence, so that a sound which contradicts them can win.
constexpr std::array rules{
    // Two words and more.
    RoleWords{"bass|grosse|gross|base|big drum|caisse|trommel", Role::kick, 0.95},
    RoleWords{"kick|kik|bd|bombo|cassa|bumbo sub", Role::kick, 0.95},
    RoleWords{"kick|bd|kik room", Role::kick, 0.8},
    RoleWords{"bass drums", Role::drums, 0.7},
    RoleWords{"k|kick|kicks|bd sn|snare|snares|sd|hh|hat|hats|clap|claps|top|tops", Role::drums, 0.85},
    RoleWords{"sweep|riser|rise|impact|reverse fx|effect|effects", Role::effects, 0.95},
    RoleWords{"caisse claire", Role::snare, 0.95},
    RoleWords{"kleine trommel", Role::snare, 0.95},
    RoleWords{"caja clara", Role::snare, 0.95},
    RoleWords{"side stick", Role::snare, 0.85},
    RoleWords{"rim shot|click", Role::snare, 0.85},
    RoleWords{"hi|high hat|hats", Role::hats, 0.95},
    RoleWords{"over head|heads", Role::overheads, 0.95},
    RoleWords{"drum|drums|kit|dr room|rooms|amb|ambient|ambience|far", Role::room, 0.85},
    RoleWords{
        "drum|drums|kit|batterie|schlagzeug|bateria|batteria loop|bus|mix|group|break|main|outro|intro|stem",
        Role::drums, 0.95},
    RoleWords{"drum|drums machine|programmed|kit", Role::drums, 0.95},
    RoleWords{"snare|sn|sd top|bottom|bot|up|down", Role::snare, 0.95},
    RoleWords{"drum|drums oh|ohs|overhead|overheads", Role::overheads, 0.95},
    RoleWords{"floor|rack|high|mid|low|hi|lo tom|toms", Role::toms, 0.95},
    RoleWords{"perc|percussion|conga|bongo|shaker loop", Role::percussion, 0.9},
    RoleWords{"sub bass|drop|boom", Role::sub, 0.9},
    RoleWords{"synth|syn|moog|acid|upright|double|fretless|slap|di|electric|e|wobble|reese bass|bs",
              Role::bass, 0.95},
    RoleWords{"bass guitar|gtr|gitarre|guitare|guitarra|chitarra", Role::bass, 0.95},
    RoleWords{"basse guitare", Role::bass, 0.95},
    RoleWords{"acoustic|ac|acc|aco|nylon|akustik|akustische|acoustique|acustica|steel|folk|classical|classic|"
              "spanish|"
              "espanola|seche|string guitar|guitars|gtr|gtrs|git|gitarre|guitare|guitarra|chitarra",
              Role::acoustic_guitar, 0.95},
    RoleWords{"lead|solo|rhythm|rhy|rhtm|elec|electric|el|e|dist|clean|crunch|heavy|fuzz|wah|power|chords|"
              "riff|lick "
              "guitar|guitars|gtr|gtrs|git|gitarre|guitare|guitarra|chitarra",
              Role::electric_guitar, 0.95},
    RoleWords{
        "vocal|vocals|vox|voc|vx|snare|sn|drum|drums|kick|gtr|guitar|lead|piano|keys|bgv|synth|long|short|"
        "plate|hall|spring|room|stereo|mono reverb|verb|rev|rvb|delay|dly|echoes|plate|hall",
        Role::reverb_return, 0.85},
    RoleWords{"lead|main|solo|haupt|principal|principale|principales|hero "
              "vocal|vocals|vox|voc|vocs|voice|voix|voz|voce|"
              "vo|stimme|gesang|singer",
              Role::lead_vocal, 0.97},
    RoleWords{
        "back|backing|background|bg|bgd|bk|harm|harmony|harmonies|double|dbl|doubles|dub|gang|group|crowd|"
        "choir|"
        "octave|oct|ad|adlib|adlibs|echo|response|aah|aahs|ooh|oohs|oo|ah|ahs|high|low|chorus|hintergrund|"
        "stack|stacks|layer|apoio|fondo|pad vocal|vocals|vox|voc|vocs|vx|voice|voices|voix|voz|voce|voci|"
        "vo|stimme|stimmen|gesang|singer|singers",
        Role::backing_vocal, 0.95},
    RoleWords{"back|backing|bg ground|up vocal|vocals|vox|voc", Role::backing_vocal, 0.95},
    RoleWords{"lead double|dbl|harm|harmony|octave vocal|vocals|vox|voc", Role::backing_vocal, 0.85},
    RoleWords{"vocal|vocals|vox|voc|voice fx|effect|effects|chop|chops|sample|samples|reverse|throw",
              Role::effects, 0.7},
    RoleWords{"music|bg bed|loop", Role::music_bed, 0.9},
    RoleWords{"music|instrumental|band track|mix|bus|stem", Role::accompaniment, 0.85},
    RoleWords{"backing track|tracks", Role::accompaniment, 0.85},
    RoleWords{"synth|syn|key|keys|mini|minimoog|saw|arp|pluck lead|solo|hook|melody|riff", Role::synth, 0.9},
    RoleWords{"synth|syn|string|strings|warm|soft|ambient|atmo pad|pads", Role::pad, 0.95},
    RoleWords{"synth|syn string|strings", Role::strings, 0.85},
    RoleWords{"synth|syn brass|horn|horns", Role::brass, 0.85},
    RoleWords{"synth|syn pluck|plucks", Role::pluck, 0.9},
    RoleWords{"synth|syn|noise|white riser|sweep|sweeps|fx|fall|effect|effects|noise", Role::effects, 0.9},
    RoleWords{"electric|el|e|fender|wurlitzer|grand|upright|tack|klavier piano|pianos|pno", Role::keys, 0.95},
    RoleWords{"bass clarinet|clarinette|trombone|flute", Role::brass, 0.8},
    RoleWords{"french|english|alto|tenor|bari|baritone|soprano horn|sax|saxophone", Role::brass, 0.95},
    RoleWords{"finger|hand snap|snaps|clap|claps", Role::percussion, 0.95},
    RoleWords{"cow bell", Role::percussion, 0.95},
    RoleWords{"steel drum|drums|pan", Role::percussion, 0.85},
    RoleWords{"egg shaker", Role::shaker, 0.95},
    RoleWords{"room tone", Role::effects, 0.7},
    RoleWords{"sound fx|effect|effects|design", Role::effects, 0.95},
    // Low.
    RoleWords{"kick|kicks|kik|kck|kickdrum|bassdrum|bombo|cassa|bumbo|grossetrommel", Role::kick, 0.95},
    RoleWords{"bd|bdr|kd|kk", Role::kick, 0.85},
    RoleWords{"sub|subs|subbass|808|808s", Role::sub, 0.85},
    // Kit.
    RoleWords{"snare|snares|snr|snar|rullante|redoblante|tarola", Role::snare, 0.95},
    RoleWords{"sn|sd|sdr|caja|caixa|rimshot|sidestick|rim", Role::snare, 0.8},
    RoleWords{"hihat|hihats|hat|hats|chimbal|charley|charles", Role::hats, 0.95},
    RoleWords{"hh|charleston", Role::hats, 0.85},
    RoleWords{"overhead|overheads|ovhd|ovh|ovhds", Role::overheads, 0.95},
    RoleWords{"oh|ohs|ohl|ohr|ovr", Role::overheads, 0.85},
    RoleWords{"tom|toms|tam|timpano|timbale|floortom|racktom|standtom|hangetom|surdo", Role::toms, 0.9},
    RoleWords{"ft|rt|tm", Role::toms, 0.6},
    RoleWords{"cymbal|cymbals|cym|cymb|crash|ride|splash|china|becken|cymbale|cymbales|platillo|platillos|"
              "piatti|piatto|"
              "pratos|prato",
              Role::cymbals, 0.93},
    RoleWords{"shaker|shakers|shk|shkr|maraca|maracas|cabasa|rassel|chocalho|ganza|caxixi", Role::shaker,
              0.95},
    RoleWords{"tambourine|tambourines|tamb|tambo|tambourin|tamburin|schellenkranz|pandereta|pandeiro|"
              "tamburello|riq",
              Role::tambourine, 0.95},
    RoleWords{
        "percussion|percussions|perc|percs|prc|percu|percus|percusion|percussione|percussioni|percussao|"
        "conga|congas|"
        "bongo|bongos|djembe|cajon|tabla|tablas|darbuka|clap|claps|handclap|handclaps|snap|snaps|"
        "cowbell|agogo|"
        "guiro|clave|claves|woodblock|triangle|timbales|udu|castanets|castanet|stomp|stomps|palmas|"
        "bells|bell|"
        "chimes|block|triangel|foot",
        Role::percussion, 0.9},
    // Strings that hold 'bass' must come after the two-word rules; a lone one is the bass.
    RoleWords{
        "bass|basses|bassgtr|bassguitar|bassgitarre|bassline|basse|bajo|basso|baixo|contrebasse|contrabajo|"
        "contrabbasso|contrabaixo|contrabass|kontrabass|ebass|upright|moogbass|synthbass",
        Role::bass, 0.95},
    RoleWords{"bs|bas|bss", Role::bass, 0.75},
    // Voices before instruments: 'piano vox' is rarer than a voice with a word of colour.
    RoleWords{"bgv|bgvs|bgvox|bgvoc|bgvocal|bgvocals|bv|bvs|bvox|backings|bvoc|backvox|backvocals|choir|chor|"
              "choeur|"
              "choeurs|coro|coros|cori|harmony|harmonies|harm|adlib|adlibs|gang|crowd|backgroundvocals",
              Role::backing_vocal, 0.93},
    RoleWords{"bv1|bk|bkg|bkgd|doubles|chant|chants", Role::backing_vocal, 0.75},
    RoleWords{"leadvocal|leadvocals|leadvox|leadvoc|ldvox|hauptstimme|leadgesang|ldvoc", Role::lead_vocal,
              0.97},
    RoleWords{"lv|ldv|lvox|lvoc", Role::lead_vocal, 0.85},
    RoleWords{"vocal|vocals|vox|voc|vocs|vx|voix|voz|voces|voce|voci|voice|voices|singer|gesang|stimme|sing|"
              "singing|"
              "rapper|chanteur|chanteuse|canto",
              Role::lead_vocal, 0.88},
    RoleWords{"rap|verse|hook|topline", Role::lead_vocal, 0.6},
    RoleWords{"dialogue|dialog|dialogues|dial|dia|dx|speech|sprecher|sprache|parole|parlato|dialogo|locucion|"
              "locucao|"
              "narration|narrator|narracion|voiceover|presenter|host|guest|interview|talk|lav|boom|podcast|"
              "moderation",
              Role::dialogue, 0.88},
    RoleWords{"vo", Role::dialogue, 0.6},
    // Guitars.
    RoleWords{
        "acgtr|acgtrs|acg|agtr|agtrs|acoustic|acousticguitar|akustikgitarre|acgt|acguitar|violao|ukulele|uke|"
        "banjo|mandolin|mandoline|mandolino|bouzouki|dobro|nylon|steelstring|cavaquinho",
        Role::acoustic_guitar, 0.9},
    RoleWords{"ag|aco|ac", Role::acoustic_guitar, 0.65},
    RoleWords{
        "egtr|egtrs|elgtr|elgtrs|eguitar|eguitars|egitarre|elecgtr|elecgtrs|electricguitar|leadguitar|"
        "leadgtr|"
        "ldgtr|rhythmguitar|rhygtr|guitar|guitars|gtr|gtrs|guit|guits|gitarre|gitarren|guitare|guitares|"
        "guitarra|guitarras|chitarra|chitarre|lapsteel|pedalsteel|strat|tele|telecaster|lespaul|"
        "marshall",
        Role::electric_guitar, 0.9},
    RoleWords{"slide|rhythm|rhy|dist|distorted|crunch|clean|powerchords|riffs|solo|solos",
              Role::electric_guitar, 0.6},
    RoleWords{"git|eg|gt|gts|gr|amp", Role::electric_guitar, 0.65},
    // Keys.
    RoleWords{"organ|organs|orgel|orgue|organo|orgao|hammond|leslie|b3|farfisa|accordion|akkordeon|accordeon|"
              "fisarmonica|acordeon|harmonium|melodica",
              Role::organ, 0.92},
    RoleWords{
        "piano|pianos|pno|pianoforte|klavier|flugel|fluegel|keys|key|keyboard|keyboards|kbd|keyb|kb|keyz|"
        "tastiera|tastiere|teclado|teclados|clavier|claviers|rhodes|wurli|wurlitzer|wurly|ep|epiano|clav|"
        "clavi|"
        "clavinet|harpsichord|cembalo|celesta|mellotron|tron|vibes|vibraphone|vibraphon|marimba|mallet|"
        "mallets|xylophone|"
        "xylophon|glockenspiel|glock|toypiano|dx7|nord",
        Role::keys, 0.92},
    // Orchestra.
    RoleWords{"strings|string|str|strs|stgs|violin|violins|vln|vlns|viola|violas|vla|vlas|cello|celli|cellos|"
              "vlc|vc|"
              "geige|geigen|streicher|violon|violons|cordes|cuerdas|archi|violino|violini|cordas|quartet|"
              "fiddle|harp|"
              "harfe|harpe|arpa|orchestra|orch|orchester|orchestre|orquesta|sitar|erhu",
              Role::strings, 0.9},
    RoleWords{
        "brass|horn|horns|trumpet|trumpets|tpt|tpts|tp|trombone|trombones|tbn|trb|tuba|sax|saxes|saxophone|"
        "saxophon|"
        "saxo|blaser|blaeser|trompete|posaune|trompette|cuivres|metales|vientos|trompeta|ottoni|fiati|tromba|"
        "metais|sopros|trompete|flugelhorn|flute|flutes|flote|floete|flauta|flauto|clarinet|clarinette|"
        "klarinette|oboe|bassoon|fagott|woodwind|woodwinds|winds|harmonica|mundharmonika|whistle|bagpipe",
        Role::brass, 0.9},
    // Synths.
    RoleWords{"pad|pads|nappe|nappes|flache|flachen|flaeche|colchon|atmo|atmos|atmosphere|ambient|drone|"
              "drones|wash|"
              "swell|swells|texture|textures|choirpad",
              Role::pad, 0.88},
    RoleWords{"pluck|plucks|plk|arp|arps|arpeggio|arpeggiator|arpegio|seq|sequence|sequencer", Role::pluck,
              0.85},
    RoleWords{
        "synth|synths|syn|syns|sintetizador|synthetiseur|sinte|sintesi|moog|minimoog|minilogue|juno|jupiter|"
        "prophet|serum|massive|sylenth|saw|saws|supersaw|stab|stabs|synthlead|microkorg|korg|roland|beep|"
        "beeps|"
        "bleep|bleeps|blip|blips|wavetable|oberheim|virus|poly|mono6|op1|theremin",
        Role::synth, 0.85},
    RoleWords{"sine|melody|melodie|melodia|lead|leads|riff|chord|chords|akkorde|accords|acordes", Role::synth,
              0.55},
    // Whole kits: after every drum of its own.
    RoleWords{"drum|drums|drm|drms|dr|drs|drumkit|drumset|drumloop|kit|schlagzeug|batterie|bateria|batteria|"
              "beat|beats|"
              "breakbeat|groove|trommel|trommeln|tambores|drumbus|drumloops|amen",
              Role::drums, 0.9},
    RoleWords{"break|breaks|loop|loops|top|tops", Role::drums, 0.5},
    // Effects.
    RoleWords{"reverb|verb|rev|rvb|revb|delay|delays|dly|hall|plate|reverbe|riverbero|reverberacion|retorno|"
              "echo|echoes|"
              "fxreturn|return|ret|chorus|slap",
              Role::reverb_return, 0.75},
    RoleWords{
        "fx|sfx|effect|effects|efx|effekt|effekte|effet|effets|efecto|efectos|effetto|effetti|efeito|efeitos|"
        "riser|risers|rise|sweep|sweeps|uplifter|downlifter|impact|impacts|hit|hits|whoosh|noise|noises|"
        "reverse|"
        "rev|glitch|glitches|transition|transitions|build|buildup|drop|boom|booms|foley|explosion|vinyl|"
        "crackle|"
        "scratch|scratches|zap|laser|siren|subdrop|tape|stutter|ear|candy|sample|samples|ambience|wind|rain|"
        "birds|applause|audience",
        Role::effects, 0.8},
    RoleWords{"room|rooms|raum|salle|sala|stanza|rm|rms|amb|ambi|crotch|knee|mono|far", Role::room, 0.65},
    RoleWords{"air|breath|breaths", Role::air, 0.6},
    RoleWords{"bed|beds|musikbett", Role::music_bed, 0.85},
    RoleWords{
        "other|others|rest|accompaniment|accomp|instrumental|instrumentals|instruments|inst|playback|karaoke|"
        "music|musik|musique|musica|backtrack",
        Role::accompaniment, 0.8},
};

constexpr std::array<std::string_view, 81> passed_over{
    "l",      "r",     "left",   "right",   "links",   "rechts",  "gauche", "droite",    "izq",
    "der",    "in",    "out",    "inside",  "outside", "int",     "ext",    "mic",       "mics",
    "mike",   "micro", "di",     "dry",     "wet",     "take",    "tk",     "comp",      "edit",
    "edited", "final", "bounce", "bounced", "print",   "printed", "stem",   "stems",     "track",
    "trk",    "audio", "wav",    "aif",     "flac",    "new",     "old",    "raw",       "sm57",
    "sm58",   "sm7",   "sm7b",   "d112",    "d6",      "beta52",  "beta91", "beta",      "u87",
    "u47",    "u67",   "c414",   "akg",     "shure",   "neumann", "md421",  "e609",      "e906",
    "re20",   "km84",  "km184",  "ribbon",  "r121",    "royer",   "tlm",    "condenser", "dyn",
    "the",    "and",   "of",     "dt",      "a",       "b",       "st",     "stereo",    "tune"};

}  // namespace

std::span<const RoleWords> role_words() { return rules; }
std::span<const std::string_view> passed_over_words() { return passed_over; }

}  // namespace gainstage
