namespace Aigc2d.Gateway.Keys;

/// <summary>What a request says about who is asking, before anybody is asked whether it is true.</summary>
internal readonly record struct PresentedKey(KeyPresence Presence, string? Value)
{
    private const string Prefix = "AIGC2D-";
    private const string Scheme = "Bearer ";
    private const int Length = 43;

    /// <summary>Reads the three headers that clients put a key into. The same key in several of them is one key.</summary>
    public static PresentedKey Of(IHeaderDictionary headers)
    {
        var key = new PresentedKey(KeyPresence.None, null);
        foreach (var value in headers.Authorization) key = key.And(WithoutScheme(value));
        foreach (var value in headers["x-api-key"]) key = key.And(value?.Trim());
        foreach (var value in headers["mj-api-secret"]) key = key.And(value?.Trim());

        if (key.Presence != KeyPresence.Present || IsWellFormed(key.Value!)) return key;
        return new(KeyPresence.Malformed, null);
    }

    private PresentedKey And(string? value) => Presence switch
    {
        KeyPresence.None => new(KeyPresence.Present, value ?? ""),
        KeyPresence.Present when Value == value => this,
        _ => new(KeyPresence.Conflicting, null),
    };

    private static string? WithoutScheme(string? authorization) =>
        authorization?.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) == true ? authorization[Scheme.Length..].Trim() : "";

    private static bool IsWellFormed(string value)
    {
        if (value.Length != Length || !value.StartsWith(Prefix, StringComparison.Ordinal)) return false;

        for (var i = 0; i < Length - Prefix.Length; i++)
        {
            var isDash = i is 8 or 13 or 18 or 23;
            var c = value[Prefix.Length + i];
            if (isDash ? c != '-' : !char.IsAsciiHexDigitLower(c)) return false;
        }

        return true;
    }
}

/// <summary>Whether a request carries a key.</summary>
internal enum KeyPresence
{
    None,
    Present,
    Malformed,
    Conflicting,
}
