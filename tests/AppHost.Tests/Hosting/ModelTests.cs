using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace Aigc2d.AppHost.Tests.Hosting;

/// <summary>The runner refuses what Aspire refuses, and says plainly what it cannot do.</summary>
public sealed class ModelTests
{
    private readonly IDistributedApplicationBuilder _builder = DistributedApplication.CreateBuilder([]);

    [Fact]
    public void Two_resources_cannot_have_one_name_whatever_its_case()
    {
        _builder.AddExecutable("billing", "true", ".");

        var refusal = Assert.Throws<DistributedApplicationException>(() => _builder.AddParameter("Billing", "value"));
        Assert.Contains("with name 'Billing'", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1st")]
    [InlineData("under_score")]
    [InlineData("two--hyphens")]
    [InlineData("trailing-")]
    [InlineData("a234567890123456789012345678901234567890123456789012345678901234567890")]
    public void A_name_that_could_not_be_a_host_name_is_refused(string name) => Assert.Throws<ArgumentException>(() => _builder.AddExecutable(name, "true", "."));

    [Fact]
    public void An_endpoint_name_is_given_once()
    {
        var server = _builder.AddExecutable("server", "true", ".").WithHttpEndpoint();

        Assert.Throws<DistributedApplicationException>(() => server.WithHttpEndpoint());
        Assert.Throws<DistributedApplicationException>(() => server.WithEndpoint(scheme: "tcp", name: "HTTP"));
    }

    [Fact]
    public void A_health_check_is_given_once_and_needs_an_endpoint_that_exists()
    {
        var server = _builder.AddExecutable("server", "true", ".").WithHttpEndpoint().WithHealthCheck("key");

        Assert.Equal("Resource 'server' already has a health check with key 'key'.", Assert.Throws<DistributedApplicationException>(() => server.WithHealthCheck("key")).Message);
        Assert.Throws<DistributedApplicationException>(() => server.WithHttpHealthCheck("/health", endpointName: "admin"));
        server.WithHttpHealthCheck("/health");
        Assert.Throws<DistributedApplicationException>(() => server.WithHttpHealthCheck("/health"));
    }

    [Fact]
    public void An_unknown_endpoint_has_no_address()
    {
        var endpoint = _builder.AddExecutable("server", "true", ".").GetEndpoint("http");

        Assert.False(endpoint.Exists);
        Assert.Throws<InvalidOperationException>(() => endpoint.Url);
    }

    [Fact]
    public async Task Resources_that_wait_for_each_other_are_named()
    {
        var first = _builder.AddExecutable("first", "true", ".");
        var second = _builder.AddExecutable("second", "true", ".").WaitFor(first);
        first.WaitFor(second);
        await using var app = _builder.Build();

        var refusal = await Assert.ThrowsAsync<DistributedApplicationException>(() => app.StartAsync(TestContext.Current.CancellationToken));
        Assert.Equal("Resources wait for each other: first → second → first.", refusal.Message);
        Assert.Throws<DistributedApplicationException>(() => first.WaitFor(first));
    }

    [Fact]
    public async Task A_parameter_without_a_value_stops_the_start()
    {
        _builder.AddParameter("admin-key", secret: true);
        await using var app = _builder.Build();

        var refusal = await Assert.ThrowsAsync<MissingParameterValueException>(() => app.StartAsync(TestContext.Current.CancellationToken));
        Assert.Contains("Parameters:admin-key", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Containers_are_refused_with_the_way_out()
    {
        string[] refusals =
        [
            Assert.Throws<DistributedApplicationException>(() => _builder.AddPostgres("postgres")).Message,
            Assert.Throws<DistributedApplicationException>(() => _builder.AddRabbitMQ("messaging")).Message,
        ];
        Assert.All(refusals, message => Assert.EndsWith("needs a container runtime; use Infrastructure:Mode=local", message, StringComparison.Ordinal));
    }

    [Fact]
    public void Publishing_is_refused() => Assert.Throws<DistributedApplicationException>(() => DistributedApplication.CreateBuilder(["--operation", "publish"]));

    [Fact]
    public async Task A_reference_expression_escapes_where_it_is_asked_to()
    {
        var password = _builder.AddParameter("password", "r@b/bit {0}");

        var plain = await ReferenceExpression.Create($"Password={password};Literal={{1}}").GetValueAsync(TestContext.Current.CancellationToken);
        var escaped = await ReferenceExpression.Create($"amqp://aigc2d:{password:uri}@host").GetValueAsync(TestContext.Current.CancellationToken);

        Assert.Equal("Password=r@b/bit {0};Literal={1}", plain);
        Assert.Equal("amqp://aigc2d:r%40b%2Fbit%20%7B0%7D@host", escaped);
        Assert.Throws<FormatException>(() => ReferenceExpression.Create($"{password:upper}"));
    }
}
