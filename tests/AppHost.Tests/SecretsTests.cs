using Aspire.Hosting;

namespace Aigc2d.AppHost.Tests;

/// <summary>Secrets are made once, kept, and usable wherever they end up.</summary>
public sealed class SecretsTests : IDisposable
{
    private readonly TestFolder _folder = new();

    [Fact]
    public void Secrets_are_made_once_and_stay_the_same_ever_after()
    {
        var first = Secrets.LoadOrCreate(_folder["data/secrets.env"]);
        var second = Secrets.LoadOrCreate(_folder["data/secrets.env"]);

        string[] names =
        [
            "admin-key", "admin-key-2", "credential-key", "evidence-key", "finance-key", "idempotency-key", "internal-key", "key-pepper", "postgres-password", "rabbitmq-password", "redemption-pepper",
        ];
        Assert.Equal(names, first.Keys);
        Assert.Equal(first, second);
        Assert.Equal(first.Count, first.Values.Distinct().Count());
    }

    [Fact]
    public void A_secret_that_a_newer_version_needs_is_added_and_the_others_are_kept()
    {
        File.WriteAllText(_folder["secrets.env"], "POSTGRES_PASSWORD=kept=as it is\n\nADMIN_KEY=admin-kept\n");

        var secrets = Secrets.LoadOrCreate(_folder["secrets.env"]);

        Assert.Equal(("kept=as it is", "admin-kept", 11), (secrets["postgres-password"], secrets["admin-key"], secrets.Count));
        Assert.Equal(secrets, Secrets.LoadOrCreate(_folder["secrets.env"]));
    }

    [Fact]
    public void Only_the_owner_may_read_them()
    {
        Secrets.LoadOrCreate(_folder["secrets.env"]);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_folder["secrets.env"]));
        Assert.Equal([_folder["secrets.env"]], Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void No_value_needs_quoting_and_keys_are_32_bytes()
    {
        var secrets = Secrets.LoadOrCreate(_folder["secrets.env"]);

        Assert.All(secrets.Values, value => Assert.Matches("^[A-Za-z0-9+/=-]+$", value));
        string[] keys = ["credential-key", "evidence-key", "idempotency-key", "internal-key", "key-pepper", "redemption-pepper"];
        Assert.All(keys, key => Assert.Equal(32, Convert.FromBase64String(secrets[key]).Length));
        Assert.Equal(["admin", "admin", "finance"], new[] { "admin-key", "admin-key-2", "finance-key" }.Select(name => secrets[name].Split('-')[0]));
    }

    [Fact]
    public void What_the_operator_sets_is_used_and_the_rest_is_generated()
    {
        var builder = DistributedApplication.CreateBuilder(["--Parameters:admin_key=admin-of-mine", "--Parameters:finance-key=finance-of-mine"]);

        builder.AddLocalSecrets(new RunSettings { Port = 8080, ArtifactsDirectory = _folder.Path, Infrastructure = "local" });

        Assert.Equal(["admin-of-mine", "finance-of-mine"], new[] { "admin-key", "finance-key" }.Select(name => Secrets.Find(builder.Configuration, name)));
        Assert.Equal(Secrets.LoadOrCreate(_folder["data/secrets.env"])["internal-key"], Secrets.Find(builder.Configuration, "internal-key"));
    }

    public void Dispose() => _folder.Dispose();
}
