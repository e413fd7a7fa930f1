using System.Security.Cryptography;
using System.Text;
using Aspire.Hosting;
using Microsoft.Extensions.Configuration;

namespace Aigc2d.AppHost;

/// <summary>The secrets of a local run: generated when they are missing, the same ever after, kept beside the data they protect.</summary>
internal static class Secrets
{
    private const string Letters = "abcdefghijklmnopqrstuvwxyz0123456789";

    // No value holds a character that a connection string or a shell would take for its own.
    private static readonly Dictionary<string, Func<string>> Generators = new(StringComparer.Ordinal)
    {
        ["postgres-password"] = Password,
        ["rabbitmq-password"] = Password,
        ["internal-key"] = Key,
        ["key-pepper"] = Key,
        ["redemption-pepper"] = Key,
        ["evidence-key"] = Key,
        ["credential-key"] = Key,
        ["idempotency-key"] = Key,
        ["admin-key"] = () => $"admin-{Password()}",
        ["admin-key-2"] = () => $"admin-{Password()}",
        ["finance-key"] = () => $"finance-{Password()}",
    };

    /// <summary>Gives every parameter that configuration leaves open its generated value.</summary>
    public static void AddLocalSecrets(this IDistributedApplicationBuilder builder, RunSettings settings)
    {
        var values = LoadOrCreate(Path.Combine(settings.DataDirectory, "secrets.env")).Where(secret => Find(builder.Configuration, secret.Key) is null);
        builder.Configuration.AddInMemoryCollection(values.Select(secret => KeyValuePair.Create($"Parameters:{secret.Key}", (string?)secret.Value)));
    }

    /// <summary>The value of a parameter; a variable in the environment cannot have a hyphen in its name.</summary>
    public static string? Find(IConfiguration configuration, string parameter) => configuration[$"Parameters:{parameter}"] ?? configuration[$"Parameters:{parameter.Replace('-', '_')}"];

    public static IReadOnlyDictionary<string, string> LoadOrCreate(string path)
    {
        var secrets = new SortedDictionary<string, string>(File.Exists(path) ? Parse(File.ReadAllLines(path)) : [], StringComparer.Ordinal);
        var missing = Generators.Where(generator => !secrets.ContainsKey(generator.Key)).ToArray();
        foreach (var (name, generate) in missing)
        {
            secrets[name] = generate();
        }

        if (missing.Length > 0)
        {
            PrivateFile.Write(path, Format(secrets));
        }

        return secrets;
    }

    private static Dictionary<string, string> Parse(IEnumerable<string> lines) => lines
        .Select(line => line.Split('=', 2))
        .Where(parts => parts.Length == 2)
        .ToDictionary(parts => parts[0].ToLowerInvariant().Replace('_', '-'), parts => parts[1], StringComparer.Ordinal);

    private static string Format(IReadOnlyDictionary<string, string> secrets)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in secrets)
        {
            text.Append(name.ToUpperInvariant().Replace('-', '_')).Append('=').Append(value).Append('\n');
        }

        return text.ToString();
    }

    private static string Password() => RandomNumberGenerator.GetString(Letters, 32);

    private static string Key() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
}
