using System.Security.Cryptography;
using System.Text;

namespace Aigc2d.Billing.Redemptions;

/// <summary>How codes are written: 20 letters of Crockford's base 32 (100 random bits) in four groups.</summary>
internal static class CodeText
{
    private const string Letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private const int Length = 20;
    private const int Group = 5;

    // What is longer than this is no code however it is read.
    private const int LongestTyped = 200;

    public static string New()
    {
        var letters = RandomNumberGenerator.GetString(Letters, Length);
        return string.Join('-', Enumerable.Range(0, Length / Group).Select(group => letters.Substring(group * Group, Group)));
    }

    /// <summary>The code that was meant: case, spaces, dashes and look-alikes (O for 0; I, L for 1) make no difference. What is no code stays none.</summary>
    public static string Read(string typed)
    {
        var read = new StringBuilder(Length);
        foreach (var letter in typed.AsSpan(0, Math.Min(typed.Length, LongestTyped)))
        {
            if (char.IsWhiteSpace(letter) || char.GetUnicodeCategory(letter) == System.Globalization.UnicodeCategory.DashPunctuation) continue;

            read.Append(char.ToUpperInvariant(letter) switch
            {
                'O' => '0',
                'I' or 'L' => '1',
                var other => other,
            });
        }

        return read.ToString();
    }
}
