using System.Diagnostics.CodeAnalysis;

namespace Aigc2d.Billing.Ledger;

/// <summary>What people write beside a movement, for those who read the ledger.</summary>
internal static class Reason
{
    public const string Fault = "must have 1 to 500 characters: who reads the ledger wants to know why.";

    private const int Longest = 500;

    public static bool IsGood([NotNullWhen(true)] string? text) => IsGood(text, Longest);

    /// <summary>Text that is there, of at most <paramref name="longest"/> characters, and that the database can store.</summary>
    public static bool IsGood([NotNullWhen(true)] string? text, int longest) => !string.IsNullOrWhiteSpace(text) && text.Length <= longest && !text.Contains('\0', StringComparison.Ordinal);
}
