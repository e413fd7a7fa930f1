using System.Security.Cryptography;
using System.Text;

namespace Aigc2d.Accounts.Tests.Keys;

/// <summary>A key exists with its owner only.</summary>
public sealed class KeyPrivacyTests(AccountsFixture accounts)
{
    [Fact]
    public async Task A_key_is_in_no_table_and_no_log()
    {
        var customer = await accounts.CustomerAsync();
        var (_, created) = await accounts.SendAsync(HttpMethod.Post, "/api/keys", new { name = "private" }, customer.Id);
        string[] keys = [customer.Key, created.GetProperty("key").GetString()!];
        foreach (var key in keys)
        {
            await accounts.VerifyAsync(key);
            await accounts.SendTextAsync(HttpMethod.Post, "/internal/keys/verify", $$"""{"key":"{{key}}""");
            await accounts.SendTextAsync(HttpMethod.Post, "/api/keys", $$"""{"name":"{{key}}","key":"{{key}}"}""", customer.Id);
        }

        var told = await DumpAsync() + accounts.Service.Logs;

        Assert.Contains(customer.KeyId.ToString(), told, StringComparison.Ordinal);
        Assert.All(keys, key => Assert.DoesNotContain(key["AIGC2D-".Length..], told, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task What_is_kept_is_an_HMAC_under_the_pepper()
    {
        var customer = await accounts.CustomerAsync();

        await using var command = accounts.Owner.CreateCommand("select pepper_version, hash, last4 from keys where id = $1");
        command.Parameters.Add(new() { Value = customer.KeyId });
        await using var reader = await command.ExecuteReaderAsync();
        Assert.True(await reader.ReadAsync());

        Assert.Equal(
            (1, Convert.ToHexString(HMACSHA256.HashData(Convert.FromBase64String(AccountsFixture.Pepper), Encoding.UTF8.GetBytes(customer.Key))), customer.Key[^4..]),
            (reader.GetInt32(0), Convert.ToHexString(reader.GetFieldValue<byte[]>(1)), reader.GetString(2)));
    }

    [Fact]
    public async Task A_service_without_a_pepper_does_not_start() =>
        await Assert.ThrowsAsync<InvalidOperationException>(() => accounts.StartAsync(new() { ["Keys:Pepper"] = "c2hvcnQ=" }));

    private async Task<string> DumpAsync()
    {
        var dump = new StringBuilder();
        await using var tables = accounts.Owner.CreateCommand("select tablename from pg_tables where schemaname = 'public'");
        var names = new List<string>();
        await using (var reader = await tables.ExecuteReaderAsync())
            while (await reader.ReadAsync()) names.Add(reader.GetString(0));
        foreach (var name in names)
        {
            await using var command = accounts.Owner.CreateCommand($"select t::text from {name} t");
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync()) dump.AppendLine(reader.GetString(0));
        }

        return dump.ToString();
    }
}
