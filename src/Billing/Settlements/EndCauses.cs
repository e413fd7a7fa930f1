using System.Text.Json;
using Aigc2d.Contracts.Providers;

namespace Aigc2d.Billing.Settlements;

internal static class EndCauses
{
    private static readonly Dictionary<EndCause, string> Names =
        Enum.GetValues<EndCause>().ToDictionary(cause => cause, cause => JsonNamingPolicy.SnakeCaseLower.ConvertName(cause.ToString()));

    /// <summary>The documented name, for example <c>client_abort</c>.</summary>
    public static string NameOf(EndCause cause) => Names[cause];
}
