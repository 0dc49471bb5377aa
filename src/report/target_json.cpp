// SPDX-License-Identifier: MIT
#include "report/report.h"

namespace gainstage {
namespace {

Json clause_json(const Clause& clause) {
  Json json = Json::object();
  if (clause.figure) {
    json["figure"] = info(*clause.figure).name;
    if (clause.wanted) {
      json["wanted"] = *clause.wanted;
      json["tolerance"] = number(*clause.max - *clause.wanted);
    } else {
      if (clause.min) json["min"] = *clause.min;
      if (clause.max) json["max"] = *clause.max;
    }
    if (clause.tolerance_is_ours) json["tolerance_by"] = "gainstage";
    if (clause.when) json["when"] = {{"figure", info(clause.when->figure).name}, {"over", clause.when->over}};
    if (clause.is_advice) json["advice"] = true;
  } else {
    json["not_judged"] = clause.text;
    if (clause.see) json["see"] = info(*clause.see).name;
    json["reason"] = clause.reason;
    json["deciding"] = clause.is_deciding;
  }
  if (!clause.note.empty()) json["note"] = clause.note;
  return json;
}

}  // namespace

Json to_json(const Target& target) {
  Json json{{"id", target.id}, {"title", target.title}};
  const auto add = [&](const char* name, const std::string& text) {
    if (!text.empty()) json[name] = text;
  };
  add("kind", target.kind);
  if (target.aim) {
    json["aim"] = {{"integrated_lufs", target.aim->integrated.value},
                   {"ceiling_dbtp", target.aim->ceiling.value}};
  }
  json["clauses"] = Json::array();
  for (const Clause& clause : target.clauses) json["clauses"].push_back(clause_json(clause));
  add("behaviour", target.behaviour);
  add("source", target.source);
  add("source_url", target.source_url);
  add("checked_on", target.checked_on);
  json["confidence"] = to_string(target.confidence);
  return json;
}

}  // namespace gainstage
