namespace Aigc2d.ProviderAdapters.Adapters.Wenxin;

/// <summary>The credential of a channel of the first generation: an application's API key and secret key, written <c>AK:SK</c>.</summary>
internal static class WenxinCredential
{
    private const char Between = ':';

    public static bool IsValid(string credential) =>
        credential.Split(Between) is [{ Length: > 0 } ak, { Length: > 0 } sk] && (ak + sk).All(char.IsAsciiLetterOrDigit);

    public static (string ApiKey, string SecretKey) Of(string credential)
    {
        var between = credential.IndexOf(Between, StringComparison.Ordinal);
        return between < 0 ? (credential, "") : (credential[..between], credential[(between + 1)..]);
    }

    public static IEnumerable<string> SecretsOf(string credential) => credential.Split(Between);
}
