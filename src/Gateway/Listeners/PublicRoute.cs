namespace Aigc2d.Gateway.Listeners;

/// <summary>Marks routes of the public listener.</summary>
internal sealed record PublicRoute
{
    public static readonly PublicRoute Mark = new();
}

/// <summary>Marks routes of the admin listener.</summary>
internal sealed record AdminRoute
{
    public static readonly AdminRoute Mark = new();
}
