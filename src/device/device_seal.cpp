#include "device/device_seal.h"

#include "base/base64.h"

namespace userinfo {

namespace {

constexpr std::string_view key_use = "devices of a client";
constexpr char version = 1;
constexpr std::size_t id_size = sizeof(uuid::byte_array);
constexpr std::size_t proof_size = 2 * id_size + 8;
// Nonce and tag of the sealing, version and proofs, in base64url.
constexpr std::size_t longest_text = ((24 + 16 + 1 + devices_per_client * proof_size) * 4 + 2) / 3;

void append(std::string& bytes, const device_proof& proof) {
    bytes += proof.account.view();
    bytes += proof.device.view();
    for (int shift = 56; shift >= 0; shift -= 8) bytes += static_cast<char>(proof.generation >> shift & 0xff);
}

device_proof read_proof(std::string_view bytes) {
    device_proof proof{.account = *uuid::from_bytes(bytes.substr(0, id_size)),
                       .device = *uuid::from_bytes(bytes.substr(id_size, id_size))};
    for (const char byte : bytes.substr(2 * id_size)) {
        proof.generation = proof.generation << 8 | static_cast<unsigned char>(byte);
    }
    return proof;
}

}  // namespace

std::string device_seal::seal(const device_proofs& proofs) const {
    std::string bytes(1, version);
    for (const auto& proof : proofs) append(bytes, proof);
    return to_base64url(key_.seal(key_use, bytes));
}

device_proofs device_seal::unseal(std::string_view text) const {
    if (text.empty() || text.size() > longest_text) return {};
    const auto sealed = from_base64url(text);
    const auto bytes = sealed ? key_.unseal(key_use, *sealed) : std::nullopt;
    if (!bytes || !bytes->starts_with(version) || (bytes->size() - 1) % proof_size != 0) return {};
    device_proofs proofs;
    for (std::string_view left = std::string_view(*bytes).substr(1); !left.empty(); left.remove_prefix(proof_size)) {
        proofs.push_back(read_proof(left.substr(0, proof_size)));
    }
    return proofs;
}

}  // namespace userinfo
