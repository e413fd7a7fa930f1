namespace Aigc2d.Gateway.Listeners;

/// <summary>The two addresses the gateway listens on: the public one as usual, and the admin port on the same interface.</summary>
internal sealed record ListenerAddresses(string[] Public, string Admin, int AdminPort)
{
    /// <summary>Reads them from what the host was given. The admin port may be listed among the host's addresses, as orchestrators do.</summary>
    /// <exception cref="InvalidOperationException">The admin port is missing, or no other port is listed.</exception>
    public static ListenerAddresses From(IConfiguration configuration)
    {
        if (!int.TryParse(configuration["Admin:Port"], out var port) || port is < 1 or > 65535)
            throw new InvalidOperationException("Admin:Port must be a port of its own for the admin listener, for example 8081.");

        var listed = configuration["urls"]?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        string[] addresses = listed is { Length: > 0 } ? listed : [$"http://*:{configuration["http_ports"] ?? "8080"}"];
        var open = Array.FindAll(addresses, address => BindingAddress.Parse(address).Port != port);
        if (open.Length == 0) throw new InvalidOperationException($"Admin:Port {port} is also the public port; the two listeners need different ports.");

        var admin = Array.Find(addresses, address => BindingAddress.Parse(address).Port == port);
        return new(open, admin ?? $"{Uri.UriSchemeHttp}://{BindingAddress.Parse(open[0]).Host}:{port}", port);
    }
}
