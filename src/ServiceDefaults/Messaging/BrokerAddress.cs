using RabbitMQ.Client;

namespace Aigc2d.ServiceDefaults.Messaging;

/// <summary>Where the broker is and who we are there, from <c>amqp://user:password@host:port/vhost</c> with percent-encoded parts.</summary>
public sealed record BrokerAddress(string Host, int Port, string VirtualHost, string User, string Password)
{
    /// <exception cref="InvalidOperationException">The address is missing or not of this form.</exception>
    public static BrokerAddress Parse(string? connectionString)
    {
        if (!Uri.TryCreate(connectionString, UriKind.Absolute, out var uri) || uri.Scheme != "amqp" || uri.UserInfo.Split(':') is not [var user, var password])
            throw new InvalidOperationException("ConnectionStrings:messaging must have the form amqp://user:password@host:port.");

        var virtualHost = Uri.UnescapeDataString(uri.AbsolutePath.Trim('/'));
        return new(uri.Host, uri.IsDefaultPort ? 5672 : uri.Port, virtualHost.Length == 0 ? "/" : virtualHost, Uri.UnescapeDataString(user), Uri.UnescapeDataString(password));
    }

    /// <summary>For connections that are not the bus's. A lost one is opened anew by whoever uses it, so that it knows where it stands.</summary>
    /// <param name="name">What operators of the broker see.</param>
    public ConnectionFactory ConnectionFactory(string name) => new()
    {
        HostName = Host,
        Port = Port,
        VirtualHost = VirtualHost,
        UserName = User,
        Password = Password,
        ClientProvidedName = $"aigc2d {name}",
        RequestedHeartbeat = TimeSpan.FromSeconds(5),
        AutomaticRecoveryEnabled = false,
    };
}
