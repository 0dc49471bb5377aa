// SPDX-License-Identifier: MIT
#include "staging/roles.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace gainstage {
namespace {

TEST(RoleFromName, KnowsHowSessionsNameTheirTracks) {
  const std::vector<std::pair<std::string, Role>> names{{"01_Kick In D112.wav", Role::kick},
                                                        {"BD.wav", Role::kick},
                                                        {"Bass Drum.wav", Role::kick},
                                                        {"KickOut.wav", Role::kick},
                                                        {"kick_sub.wav", Role::kick},
                                                        {"Sub Bass.wav", Role::sub},
                                                        {"808.wav", Role::sub},
                                                        {"Snare Top SM57.aif", Role::snare},
                                                        {"SnareBottom.wav", Role::snare},
                                                        {"snaretop.wav", Role::snare},
                                                        {"SN.wav", Role::snare},
                                                        {"Hi-Hat.wav", Role::hats},
                                                        {"HH.flac", Role::hats},
                                                        {"Over Heads L.wav", Role::overheads},
                                                        {"OH_L.wav", Role::overheads},
                                                        {"OHR.wav", Role::overheads},
                                                        {"Floor Tom.wav", Role::toms},
                                                        {"Tom2.wav", Role::toms},
                                                        {"Room Mic L.wav", Role::room},
                                                        {"Drum Room.wav", Role::room},
                                                        {"MAIN DRUMS.flac", Role::drums},
                                                        {"DRUMS BREAK 1.flac", Role::drums},
                                                        {"Drum Loop.wav", Role::drums},
                                                        {"Tamb.wav", Role::tambourine},
                                                        {"Shaker 2.wav", Role::shaker},
                                                        {"Conga.wav", Role::percussion},
                                                        {"Claps.wav", Role::percussion},
                                                        {"Bass DI.wav", Role::bass},
                                                        {"Bass Gtr.wav", Role::bass},
                                                        {"Synth Bass.wav", Role::bass},
                                                        {"bassguitar.flac", Role::bass},
                                                        {"EGtr1 L.wav", Role::electric_guitar},
                                                        {"Lead Guitar.wav", Role::electric_guitar},
                                                        {"leadguitar.flac", Role::electric_guitar},
                                                        {"Gtr 2.wav", Role::electric_guitar},
                                                        {"AcGtr.wav", Role::acoustic_guitar},
                                                        {"Acoustic Gtr 1.wav", Role::acoustic_guitar},
                                                        {"Piano L.wav", Role::keys},
                                                        {"clav.flac", Role::keys},
                                                        {"Rhodes.wav", Role::keys},
                                                        {"B3 Organ.wav", Role::organ},
                                                        {"Strings.wav", Role::strings},
                                                        {"horns.flac", Role::brass},
                                                        {"Alto Sax.wav", Role::brass},
                                                        {"Synth Pad.wav", Role::pad},
                                                        {"MINILOGUE SYNTH.flac", Role::synth},
                                                        {"PLUCK.flac", Role::pluck},
                                                        {"BEEPS.flac", Role::synth},
                                                        {"VOX LEAD.flac", Role::lead_vocal},
                                                        {"LeadVox_01.wav", Role::lead_vocal},
                                                        {"LV.wav", Role::lead_vocal},
                                                        {"Vocal.wav", Role::lead_vocal},
                                                        {"BGVOX AAHH.flac", Role::backing_vocal},
                                                        {"BGV 3.wav", Role::backing_vocal},
                                                        {"Backing Vox 1.wav", Role::backing_vocal},
                                                        {"Lead Vocal Double.wav", Role::backing_vocal},
                                                        {"Harm Vox.wav", Role::backing_vocal},
                                                        {"SWEEPS.flac", Role::effects},
                                                        {"MICROCOSM EFFECT.flac", Role::effects},
                                                        {"FX Riser.wav", Role::effects},
                                                        {"Vox Verb.wav", Role::reverb_return},
                                                        {"Plate Reverb.wav", Role::reverb_return},
                                                        {"Dialogue.wav", Role::dialogue},
                                                        {"Music Bed.wav", Role::music_bed},
                                                        {"Drums/Kick.wav", Role::kick},
                                                        {"Backing Vocals/01.wav", Role::backing_vocal}};
  for (const auto& [name, role] : names) {
    const auto found = role_from_name(name);
    ASSERT_TRUE(found) << name;
    EXPECT_EQ(info(found->role).name, info(role).name) << name;
  }
}

TEST(RoleFromName, KnowsFiveMoreLanguages) {
  const std::vector<std::pair<std::string, Role>> names{{"Gro\u00dfe Trommel.wav", Role::kick},
                                                        {"Gitarre.wav", Role::electric_guitar},
                                                        {"Akustikgitarre.wav", Role::acoustic_guitar},
                                                        {"Fl\u00fcgel.wav", Role::keys},
                                                        {"Gesang.wav", Role::lead_vocal},
                                                        {"Chor.wav", Role::backing_vocal},
                                                        {"Streicher.wav", Role::strings},
                                                        {"Schlagzeug.wav", Role::drums},
                                                        {"Grosse caisse.wav", Role::kick},
                                                        {"Caisse claire.wav", Role::snare},
                                                        {"Basse.wav", Role::bass},
                                                        {"Guitare acoustique.wav", Role::acoustic_guitar},
                                                        {"Ch\u0153urs.wav", Role::backing_vocal},
                                                        {"Voix.wav", Role::lead_vocal},
                                                        {"Bombo.wav", Role::kick},
                                                        {"Caja.wav", Role::snare},
                                                        {"Bajo.wav", Role::bass},
                                                        {"Guitarra ac\u00fastica.wav", Role::acoustic_guitar},
                                                        {"Coros.wav", Role::backing_vocal},
                                                        {"Cassa.wav", Role::kick},
                                                        {"Rullante.wav", Role::snare},
                                                        {"Chitarra elettrica.wav", Role::electric_guitar},
                                                        {"Tastiere.wav", Role::keys},
                                                        {"Voce.wav", Role::lead_vocal},
                                                        {"Bumbo.wav", Role::kick},
                                                        {"Viol\u00e3o.wav", Role::acoustic_guitar},
                                                        {"Percuss\u00e3o.wav", Role::percussion},
                                                        {"Teclado.wav", Role::keys}};
  for (const auto& [name, role] : names) {
    const auto found = role_from_name(name);
    ASSERT_TRUE(found) << name;
    EXPECT_EQ(info(found->role).name, info(role).name) << name;
  }
}

TEST(RoleFromName, SaysNothingOfWordsItDoesNotKnow) {
  for (const char* name : {"Audio 01-03.wav", "001.wav", "", "L.wav", "Xyzzy.flac", "\xff\xfe.wav"}) {
    EXPECT_FALSE(role_from_name(name)) << name;
  }
}

TEST(GuessRole, UsersWordIsFinal) {
  const RoleGuess guess = guess_role("Kick.wav", {}, Db{20.0}, Role::strings);
  EXPECT_EQ(guess.role, Role::strings);
  EXPECT_EQ(guess.confidence, 1.0);
  EXPECT_EQ(guess.source, RoleSource::user);
}

TEST(GuessRole, DoubtsALowNameOnASoundWithoutLows) {
  AudioFeatures features;
  features.median_frequency_hz = 4000.0;
  const RoleGuess guess = guess_role("Kick.wav", features, Db{20.0});
  EXPECT_LT(guess.confidence, 0.5);
  EXPECT_EQ(guess.band, Band::high);
}

TEST(GuessRole, TakesTheBandFromTheSpectrumWhereTheRoleHasNone) {
  AudioFeatures features;
  features.median_frequency_hz = 6000.0;
  EXPECT_EQ(guess_role("Perc.wav", features, Db{18.0}).band, Band::high);
  features.median_frequency_hz = 90.0;
  EXPECT_EQ(guess_role("Perc.wav", features, Db{18.0}).band, Band::low);
}

}  // namespace
}  // namespace gainstage
