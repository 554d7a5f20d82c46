#include "discovery/etcd_credentials.h"

#include <fstream>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "support/complaint_of.h"
#include "support/scratch_folder.h"

namespace userinfo::discovery {
namespace {

TEST(etcd_credentials, hold_no_key_that_others_can_use) {
    const test::scratch_folder folder;
    const certificate_files files{
        .certificate = folder / "certificate", .key = folder / "key", .authority = folder / "authority"};
    for (const auto& file : {files.certificate, files.key, files.authority}) std::ofstream(file) << "PEM";
    ASSERT_EQ(::chmod(files.key.c_str(), 0644), 0);
    EXPECT_EQ(test::complaint_of([&] { etcd_credentials(files); }),
              files.key.string() + " can be used by everybody; chmod 600 it");
}

}  // namespace
}  // namespace userinfo::discovery
