using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Aigc2d.Gateway.Admin;

/// <summary>The keys of the admin listener: one per operator, and one for finance. Which of them opens what is decided by the path alone.</summary>
internal sealed partial class AdminKeys
{
    public const string FinanceActor = "finance";
    private const int ShortestKey = 16;
    private const string Scheme = "Bearer ";
    private readonly (string Name, byte[] Hash)[] _operators;
    private readonly byte[]? _finance;

    /// <exception cref="InvalidOperationException">A key is too short, or a name is missing, malformed or used twice.</exception>
    public AdminKeys(IConfiguration configuration)
    {
        _operators = [.. configuration.GetSection("Admin:Keys").GetChildren().Select(entry => (NameOf(entry), HashOf(entry["Key"], entry.Path)))];
        _finance = configuration["Admin:FinanceKey"] is { Length: > 0 } finance ? HashOf(finance, "Admin:FinanceKey") : null;
        if (_operators.Select(entry => entry.Name).Distinct(StringComparer.OrdinalIgnoreCase).Count() != _operators.Length)
            throw new InvalidOperationException("Two entries of Admin:Keys have the same name; approvals need two people that can be told apart.");
    }

    /// <summary>Who the bearer of a key is on <c>/admin</c>; null for everybody else. Takes the same time for every wrong key.</summary>
    public string? OperatorOf(string? authorization)
    {
        var presented = HashOfBearer(authorization);
        string? name = null;
        foreach (var entry in _operators)
        {
            if (CryptographicOperations.FixedTimeEquals(entry.Hash, presented)) name = entry.Name;
        }

        return name;
    }

    /// <summary>Whether the bearer may read <c>/finance</c>.</summary>
    public bool IsFinance(string? authorization) => _finance is not null && CryptographicOperations.FixedTimeEquals(_finance, HashOfBearer(authorization));

    private static byte[] HashOfBearer(string? authorization)
    {
        var isBearer = authorization?.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) == true;
        return SHA256.HashData(Encoding.UTF8.GetBytes(isBearer ? authorization![Scheme.Length..].Trim() : ""));
    }

    private static byte[] HashOf(string? key, string where) => key is { Length: >= ShortestKey }
        ? SHA256.HashData(Encoding.UTF8.GetBytes(key))
        : throw new InvalidOperationException($"{where}: a key of the admin listener needs at least {ShortestKey} characters.");

    private static string NameOf(IConfigurationSection entry) => entry["Name"] is { } name && PlainName().IsMatch(name)
        ? name
        : throw new InvalidOperationException($"{entry.Path}:Name must be 1 to 64 letters, digits, spaces or any of . _ @ -");

    [GeneratedRegex("^[A-Za-z0-9._@-][A-Za-z0-9._@ -]{0,63}$")]
    private static partial Regex PlainName();
}
