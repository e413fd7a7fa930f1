using Aigc2d.ServiceDefaults.Logging;

namespace Aigc2d.ServiceDefaults.Tests;

public sealed class SecretsTests
{
    [Theory]
    [InlineData("key AIGC2D-2f68dbbf-519d-4f01-9636-e2421b68f379 refused", "key AIGC2D-*** refused")]
    [InlineData("Authorization: Bearer abc.def-123", "Authorization: Bearer ***")]
    [InlineData("amqp://aigc2d:s3cret@127.0.0.1:5672", "amqp://aigc2d:***@127.0.0.1:5672")]
    [InlineData("Host=db;Username=x;Password=p4ss w;Database=y", "Host=db;Username=x;Password=*** w;Database=y")]
    [InlineData("upstream said: invalid key sk-proj-abcdefgh12345", "upstream said: invalid key sk-***")]
    [InlineData("bce-v3/ALTAK-abcdefg/12345", "bce-v3/***")]
    [InlineData("nothing to hide", "nothing to hide")]
    public void Credentials_are_removed_and_the_rest_stays(string text, string expected) => Assert.Equal(expected, Secrets.Redact(text));
}
